// What is asked before a run: what may be run, its versions and targets, what it would touch.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type ExecutionDetail, getExecution } from '../../api/contract/executions.ts'
import { type Binding, listBindings } from '../../api/contract/node-runs.ts'
import { createPreview, listTargets } from '../../api/contract/previews.ts'
import type { RouteInput } from '../../api/contract/route.ts'
import { getVersion, listRunGroups, listVersions } from '../../api/contract/workflows.ts'
import type { JsonObject } from '../../core/json.ts'
import { api } from './client.ts'
import type { QueryOf } from './queries.ts'

export const runGroupsQuery = (query: QueryOf<RouteInput<typeof listRunGroups>>) =>
  queryOptions({
    queryKey: ['run-groups', query],
    queryFn: ({ signal }) => api.call(listRunGroups, { query }, { signal }),
    placeholderData: keepPreviousData,
  })

export const versionsQuery = (key: string) =>
  queryOptions({
    queryKey: ['workflow', key, 'versions'],
    queryFn: ({ signal }) => api.call(listVersions, { params: { key } }, { signal }),
  })

export const versionQuery = (key: string, version: number) =>
  queryOptions({
    queryKey: ['workflow', key, 'version', version],
    queryFn: ({ signal }) => api.call(getVersion, { params: { key, version } }, { signal }),
  })

/** Without a version the published one. */
export interface VersionRef {
  workflow: string
  version: number | undefined
}
const numbered = ({ version }: VersionRef) => (version === undefined ? {} : { version })

export const targetsQuery = (of: VersionRef, q: string) =>
  queryOptions({
    queryKey: ['targets', of, q],
    queryFn: ({ signal }) =>
      api.call(
        listTargets,
        { params: { key: of.workflow }, query: { limit: 50, ...numbered(of), ...(q ? { q } : {}) } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  })

/** Another execution, which this one begins as: what it was given, and the records it worked on. */
export interface Former {
  id: string
  workflow: string
  target: ExecutionDetail['target']
  inputs: JsonObject
  bindings: readonly Binding[]
}

export const formerQuery = (former: number) =>
  queryOptions({
    queryKey: ['former', former],
    queryFn: async ({ signal }): Promise<Former> => {
      const params = { id: String(former) }
      const [{ id, workflow, target, inputs = {} }, { items }] = await Promise.all([
        api.call(getExecution, { params }, { signal }),
        api.call(listBindings, { params }, { signal }),
      ])
      return { id, workflow, target, inputs, bindings: items }
    },
  })

export const previewQuery = (of: VersionRef, target: { collection: string; id: string } | undefined) =>
  queryOptions({
    queryKey: ['preview', of, target],
    queryFn: ({ signal }) =>
      api.call(
        createPreview,
        { body: { workflow: of.workflow, ...numbered(of), ...(target ? { target } : {}) } },
        { signal },
      ),
    placeholderData: keepPreviousData,
    // What is offered must be what is there now.
    staleTime: 0,
    gcTime: 0,
  })
