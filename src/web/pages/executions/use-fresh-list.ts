// A list that does not jump: rows change where they stand, new ones wait until somebody wants to see them.
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExecutionListItem, ExecutionSummary } from '../../../api/contract/executions.ts'
import type { Changed } from '../../data/follow-list.ts'
import { headQuery } from '../../data/list-queries.ts'
import { type ExecutionFilter, executionsQuery } from '../../data/queries.ts'
import { useListEvents } from '../../data/use-list-events.ts'
import { freshRows, keepPatches } from './fresh-rows.ts'

interface Page {
  items: ExecutionListItem[]
  next?: string
}

export function useFreshList(filter: ExecutionFilter) {
  const queries = useQueryClient()
  const key = JSON.stringify(filter)
  const options = { ...executionsQuery(filter), queryKey: ['execution-list', filter], staleTime: 30_000 }
  const query = useInfiniteQuery({ ...options, refetchOnWindowFocus: false })
  const [changes, setChanges] = useState<{ key: string; round: number }>({ key, round: 0 })
  const [patches, setPatches] = useState<ReadonlyMap<string, Changed[number]>>(new Map())
  const pages: Page[] = query.data?.pages ?? []
  const patch = (items: Changed) => {
    const shown = new Set(pages.flatMap((page) => page.items.map(({ id }) => id)))
    setPatches((known) => keepPatches(known, items, shown))
  }
  const live = useListEvents((items) => {
    patch(items)
    setChanges((known) => ({ key, round: known.key === key ? known.round + 1 : 1 }))
  })
  const head = useQuery(headQuery(filter, changes.key === key ? changes.round : 0))
  const known = query.isPlaceholderData ? undefined : head.data
  const { rows, unseen } = freshRows(
    pages.flatMap((page) => page.items),
    { head: known?.items ?? [], patches },
  )
  const showNew = () =>
    known &&
    queries.setQueryData(options.queryKey, { pages: [known], pageParams: [undefined] } satisfies InfiniteData<
      Page,
      string | undefined
    >)
  return {
    query,
    live,
    rows,
    unseen: pages.length > 0 ? unseen : 0,
    /** There may be more than are counted. */
    isMany: unseen > 0 && unseen === known?.items.length && known.next !== undefined,
    showNew,
    /** What an act has changed. */
    patch: (items: readonly ExecutionSummary[]) => patch([...items]),
  }
}
