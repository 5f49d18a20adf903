import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import type { Changed } from '../../data/follow-list.ts'

interface Fresher {
  /** The first page as it is now. */
  head: readonly ExecutionListItem[]
  /** The latest that was told of single executions. */
  patches: ReadonlyMap<string, Changed[number]>
}

/** Of those that are not shown: a list that stays open for weeks must not remember every execution. */
const mostUnshown = 500

/** What was told last of each execution: of those that are shown, and of those that may be, for a page is on its way. */
export function keepPatches(
  known: ReadonlyMap<string, Changed[number]>,
  items: Changed,
  shown: ReadonlySet<string>,
): ReadonlyMap<string, Changed[number]> {
  const kept = new Map(known)
  for (const item of items) {
    // The latest comes last.
    kept.delete(item.id)
    kept.set(item.id, item)
  }
  const unshown = [...kept.keys()].filter((id) => !shown.has(id))
  for (const id of unshown.slice(0, -mostUnshown)) kept.delete(id)
  return kept
}

/** Each row as far as it is known now, in its place; and how many are not among them. */
export function freshRows(
  rows: readonly ExecutionListItem[],
  { head, patches }: Fresher,
): { rows: ExecutionListItem[]; unseen: number } {
  const heads = new Map(head.map((row) => [row.id, row]))
  const fresh = rows.map((row) => {
    const newer = heads.get(row.id)
    const known = newer && newer.seq > row.seq ? newer : row
    const patch = patches.get(row.id)
    return patch && patch.seq > known.seq ? { ...known, ...patch } : known
  })
  const shown = new Set(rows.map(({ id }) => id))
  return { rows: fresh, unseen: head.filter(({ id }) => !shown.has(id)).length }
}
