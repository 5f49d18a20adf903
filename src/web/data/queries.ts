// What the pages ask the server, as TanStack Query options. Keys begin with the name of the resource.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getAssociations } from '../../api/contract/associations.ts'
import { listCollections } from '../../api/contract/collections.ts'
import { getDemo } from '../../api/contract/demo.ts'
import { getSurroundings, listActs, listExecutions } from '../../api/contract/executions.ts'
import { type LogLine, listBindings, listCandidates, listLogs } from '../../api/contract/node-runs.ts'
import { listNodeTypes } from '../../api/contract/node-types.ts'
import { getRecord, listRecords } from '../../api/contract/records.ts'
import type { RouteInput } from '../../api/contract/route.ts'
import {
  getSchedule,
  listFirings,
  listMessages,
  listSchedules,
  previewTimes,
} from '../../api/contract/schedules.ts'
import { getMe } from '../../api/contract/session.ts'
import { getWorkers } from '../../api/contract/system.ts'
import { getTask, listTasks } from '../../api/contract/tasks.ts'
import { getWorkflow, listWorkflows } from '../../api/contract/workflows.ts'
import type { Timing } from '../../core/schedule/timing.ts'
import { api } from './client.ts'
import { every } from './every.ts'

export type QueryOf<R> = R extends { query?: infer Q } ? NonNullable<Q> : never
export type ExecutionFilter = QueryOf<RouteInput<typeof listExecutions>>
export type WorkflowFilter = QueryOf<RouteInput<typeof listWorkflows>>
export type ScheduleFilter = QueryOf<RouteInput<typeof listSchedules>>
export type TaskFilter = QueryOf<RouteInput<typeof listTasks>>

const minute = 60_000
interface Page {
  next?: string
}
const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Page) => last.next,
  placeholderData: keepPreviousData,
}
const at = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.call(getMe, {}, { signal }),
  staleTime: 5 * minute,
  retry: false,
})

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => api.call(getDemo, {}, { signal }),
  staleTime: 5 * minute,
})

export const nodeTypesQuery = queryOptions({
  queryKey: ['node-types'],
  queryFn: ({ signal }) => api.call(listNodeTypes, {}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

export const workflowsQuery = (query: WorkflowFilter) =>
  infiniteQueryOptions({
    queryKey: ['workflows', query],
    queryFn: ({ pageParam, signal }) =>
      api.call(listWorkflows, { query: { ...query, ...at(pageParam) } }, { signal }),
    ...paging,
  })

export const workflowQuery = (key: string) =>
  queryOptions({
    queryKey: ['workflow', key],
    queryFn: ({ signal }) => api.call(getWorkflow, { params: { key } }, { signal }),
  })

export const executionsQuery = (query: ExecutionFilter) =>
  infiniteQueryOptions({
    queryKey: ['executions', query],
    queryFn: ({ pageParam, signal }) =>
      api.call(listExecutions, { query: { limit: 50, ...query, ...at(pageParam) } }, { signal }),
    ...paging,
  })

export const actsQuery = (id: string) =>
  queryOptions({
    queryKey: ['acts', id],
    queryFn: ({ signal }) => api.call(listActs, { params: { id } }, { signal }),
  })

export const surroundingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['surroundings', id],
    queryFn: ({ signal }) => api.call(getSurroundings, { params: { id } }, { signal }),
    refetchInterval: every(30_000),
  })

/** The executions a node run started, newest first. */
export const childrenQuery = (parent: string, parentRun: string) =>
  infiniteQueryOptions({
    queryKey: ['executions', 'children', parent, parentRun],
    queryFn: ({ pageParam, signal }) =>
      api.call(listExecutions, { query: { parent, parentRun, limit: 50, ...at(pageParam) } }, { signal }),
    ...paging,
  })

export const bindingsQuery = (id: string, boundRuns: number) =>
  queryOptions({
    queryKey: ['bindings', id, boundRuns],
    queryFn: ({ signal }) => api.call(listBindings, { params: { id } }, { signal }),
    placeholderData: keepPreviousData,
  })

/** `boundRuns` is in the key: what is bound grows while it runs. */
export const associationsQuery = (id: string, boundRuns: number) =>
  queryOptions({
    queryKey: ['associations', id, boundRuns],
    queryFn: ({ signal }) => api.call(getAssociations, { params: { id } }, { signal }),
    placeholderData: keepPreviousData,
  })

export const logsQuery = (id: string, run: string, attempt: number, isLive: boolean) =>
  queryOptions({
    queryKey: ['logs', id, run, attempt],
    queryFn: ({ client, queryKey, signal }) =>
      readLog({ id, run, attempt }, client.getQueryData<LogLine[]>(queryKey) ?? [], signal),
    refetchInterval: isLive ? 1000 : false,
  })

/** Records a bound node may be given. */
export const candidatesQuery = (id: string, run: string) =>
  queryOptions({
    queryKey: ['candidates', id, run],
    queryFn: async ({ signal }) =>
      (await api.call(listCandidates, { params: { id, run } }, { signal })).items,
    staleTime: 0,
    gcTime: 0,
  })

const logPage = 5000
const mostLines = 100_000

/** What is known, and the lines that came since. */
async function readLog(
  { id, run, attempt }: { id: string; run: string; attempt: number },
  known: readonly LogLine[],
  signal: AbortSignal,
): Promise<LogLine[]> {
  const lines = [...known]
  for (;;) {
    const query = { attempt, limit: logPage, after: lines.at(-1)?.line ?? -1 }
    const { items } = await api.call(listLogs, { params: { id, run }, query }, { signal })
    lines.push(...items)
    if (items.length < logPage || lines.length >= mostLines) return lines
  }
}

export const schedulesQuery = (query: ScheduleFilter) =>
  infiniteQueryOptions({
    queryKey: ['schedules', query],
    queryFn: ({ pageParam, signal }) =>
      api.call(listSchedules, { query: { ...query, ...at(pageParam) } }, { signal }),
    refetchInterval: every(10_000),
    ...paging,
  })

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['schedule', id],
    queryFn: ({ signal }) => api.call(getSchedule, { params: { id } }, { signal }),
    refetchInterval: every(5000),
  })

export const firingsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['schedule', id, 'firings'],
    queryFn: ({ pageParam, signal }) =>
      api.call(listFirings, { params: { id }, query: { limit: 20, ...at(pageParam) } }, { signal }),
    refetchInterval: every(5000),
    ...paging,
  })

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['schedule', id, 'messages'],
    queryFn: ({ signal }) => api.call(listMessages, { params: { id } }, { signal }),
    refetchInterval: every(5000),
  })

export const timesQuery = (timing: Timing, timeZone: string) =>
  queryOptions({
    queryKey: ['schedule-times', timing, timeZone],
    queryFn: ({ signal }) => api.call(previewTimes, { body: { timing, timeZone } }, { signal }),
    retry: false,
  })

/** Executions that may be scheduled: those that completed. */
export const schedulableQuery = (q: string) =>
  queryOptions({
    queryKey: ['executions', 'schedulable', q],
    queryFn: ({ signal }) =>
      api.call(
        listExecutions,
        { query: { status: 'completed', kind: 'main', test: false, limit: 20, ...(q ? { q } : {}) } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  })

export const tasksQuery = (query: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ['tasks', query],
    queryFn: ({ pageParam, signal }) =>
      api.call(listTasks, { query: { ...query, ...at(pageParam) } }, { signal }),
    refetchInterval: every(15_000),
    ...paging,
  })

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['task', id],
    queryFn: ({ signal }) => api.call(getTask, { params: { id } }, { signal }),
  })

export const collectionsQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: ({ signal }) => api.call(listCollections, {}, { signal }),
  staleTime: minute,
  // The first is made elsewhere, perhaps by the command that the empty page shows: it is looked out for.
  refetchInterval: ({ state }) => state.data?.items.length === 0 && every(3000)({ state }),
})

export const recordsQuery = (key: string, q: string) =>
  infiniteQueryOptions({
    queryKey: ['records', key, q],
    queryFn: ({ pageParam, signal }) =>
      api.call(
        listRecords,
        { params: { key }, query: { limit: 100, ...(q ? { q } : {}), ...at(pageParam) } },
        { signal },
      ),
    ...paging,
  })

export const recordQuery = (key: string, id: string) =>
  queryOptions({
    queryKey: ['record', key, id],
    queryFn: ({ signal }) => api.call(getRecord, { params: { key, id } }, { signal }),
  })

/** Asked again every few seconds while the page is open. */
export const workersQuery = queryOptions({
  queryKey: ['system', 'workers'],
  queryFn: ({ signal }) => api.call(getWorkers, {}, { signal }),
  refetchInterval: every(3000),
})
