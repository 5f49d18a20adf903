// What the pages of batches ask.
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import {
  type Batch,
  type BatchTarget,
  getBatch,
  listBatches,
  listBatchTargets,
  mostTargets,
  searchTargets,
} from '../../api/contract/batches.ts'
import { api } from './client.ts'

const liveMs = 1000
const restMs = 5000
const isLive = (batch: Batch | undefined): boolean => batch !== undefined && batch.endedAt === undefined

export const batchesQuery = (state: Batch['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['batches', state],
    queryFn: ({ pageParam, signal }) =>
      api.call(
        listBatches,
        { query: { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: { next?: string }) => last.next,
    placeholderData: keepPreviousData,
    refetchInterval: restMs,
  })

/** Asked every second while something of it is under way. */
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['batch', id],
    queryFn: ({ signal }) => api.call(getBatch, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (isLive(state.data) ? liveMs : restMs),
  })

export interface KnownTargets {
  items: readonly BatchTarget[]
  /** When they were read. */
  at: string
}

/** All of them at first, then what has changed; what has not stays the same object. */
export const batchTargetsQuery = (queries: QueryClient, id: string) =>
  queryOptions({
    queryKey: ['batch', id, 'targets'],
    async queryFn({ signal }): Promise<KnownTargets> {
      const known = queries.getQueryData<KnownTargets>(['batch', id, 'targets'])
      const query = { limit: mostTargets, ...(known ? { since: known.at } : {}) }
      const { items, at } = await api.call(listBatchTargets, { params: { id }, query }, { signal })
      return { items: known ? mergeTargets(known.items, items) : items, at }
    },
    structuralSharing: false,
    refetchInterval: () => (isLive(queries.getQueryData<Batch>(['batch', id])) ? liveMs : restMs),
  })

export function mergeTargets(
  known: readonly BatchTarget[],
  changed: readonly BatchTarget[],
): readonly BatchTarget[] {
  const news = new Map(changed.map((target) => [target.position, target]))
  let isSame = true
  const merged = known.map((target) => {
    const next = news.get(target.position)
    if (!next || isEqual(target, next)) return target
    isSame = false
    return next
  })
  return isSame ? known : merged
}

const isEqual = (one: BatchTarget, other: BatchTarget): boolean =>
  one.status === other.status &&
  one.execution === other.execution &&
  one.attention === other.attention &&
  one.waiting === other.waiting &&
  one.reason === other.reason

export const batchSearchQuery = (
  workflow: string,
  search: { q: string | undefined; conditions: readonly string[] },
) =>
  queryOptions({
    queryKey: ['batch-search', workflow, search],
    queryFn: ({ signal }) => {
      const { q, conditions } = search
      const body = { workflow, conditions: [...conditions], ...(q ? { q } : {}) }
      return api.call(searchTargets, { body }, { signal })
    },
    placeholderData: keepPreviousData,
    retry: false,
    // What is offered must be what is there now.
    staleTime: 0,
  })
