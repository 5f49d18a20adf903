// What the list of executions asks beside its pages.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getStrip } from '../../api/contract/execution-lists.ts'
import { listExecutions } from '../../api/contract/executions.ts'
import { listViews } from '../../api/contract/saved-views.ts'
import { listWorkflows } from '../../api/contract/workflows.ts'
import { api } from './client.ts'
import type { ExecutionFilter } from './queries.ts'

export const viewsQuery = queryOptions({
  queryKey: ['views', 'executions'],
  queryFn: ({ signal }) => api.call(listViews, { query: { page: 'executions' } }, { signal }),
  staleTime: 60_000,
})

/** Of the list's filters all but the time, which is the strip's own. */
export const stripQuery = ({ from: _from, to: _to, ...query }: ExecutionFilter) =>
  queryOptions({
    queryKey: ['strip', query],
    queryFn: ({ signal }) => api.call(getStrip, { query }, { signal }),
    staleTime: 30_000,
    refetchInterval: 30_000,
    placeholderData: (previous) => previous,
  })

/** The first page as it is now; asked again with each `round`. */
export const headQuery = (filter: ExecutionFilter, round: number) => {
  const key = JSON.stringify(filter)
  return queryOptions({
    queryKey: ['execution-head', key, round],
    queryFn: ({ signal }) => api.call(listExecutions, { query: { limit: 50, ...filter } }, { signal }),
    enabled: round > 0,
    gcTime: 10_000,
    placeholderData: (previous, query) => (query?.queryKey[1] === key ? previous : undefined),
  })
}

const mostFound = 20

/** What the palette finds by a text or a number. */
export const foundExecutionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['executions', 'found', q],
    queryFn: ({ signal }) => api.call(listExecutions, { query: { q, limit: mostFound } }, { signal }),
    placeholderData: keepPreviousData,
  })

export const foundWorkflowsQuery = (q: string) =>
  queryOptions({
    queryKey: ['workflows', 'found', q],
    queryFn: ({ signal }) => api.call(listWorkflows, { query: { q, limit: mostFound } }, { signal }),
    placeholderData: keepPreviousData,
  })
