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
import { every } from './every.ts'

const liveMs = 1000
const restMs = 5000

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
    refetchInterval: every(restMs),
  })

/** A batch and all of its targets, read together: its counts are those of the targets beside them. */
export interface KnownBatch {
  batch: Batch
  targets: readonly BatchTarget[]
  /** When they were read. */
  at: string
}

/**
 * Asked every second while something of it is under way. All targets at first, then what has changed; what has not
 * stays the same object.
 */
export const batchQuery = (queries: QueryClient, id: string) =>
  queryOptions({
    queryKey: ['batch', id],
    async queryFn({ signal }): Promise<KnownBatch> {
      const known = queries.getQueryData<KnownBatch>(['batch', id])
      // The batch first: once it says that it has ended, nothing below it may look as if it ran.
      const batch = await api.call(getBatch, { params: { id } }, { signal })
      const query = { limit: mostTargets, ...(known ? { since: known.at } : {}) }
      const { items, at } = await api.call(listBatchTargets, { params: { id }, query }, { signal })
      const targets = known ? mergeTargets(known.targets, items) : items
      return { batch: { ...batch, ...countTargets(targets) }, targets, at }
    },
    structuralSharing: false,
    refetchInterval: ({ state }) =>
      every(state.data?.batch.endedAt === undefined ? liveMs : restMs)({ state }),
  })

export function countTargets(targets: readonly BatchTarget[]): Pick<Batch, 'counts' | 'attention' | 'asks'> {
  const counts: Batch['counts'] = {}
  for (const { status } of targets) counts[status] = (counts[status] ?? 0) + 1
  return {
    counts,
    attention: targets.filter(({ attention }) => attention).length,
    asks: targets.filter(({ asks }) => asks).length,
  }
}

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
  one.asks === other.asks &&
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
