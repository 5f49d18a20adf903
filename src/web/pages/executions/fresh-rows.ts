import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import type { Changed } from '../../data/follow-list.ts'

interface Fresher {
  /** The first page as it is now. */
  head: readonly ExecutionListItem[]
  /** The latest that was told of single executions. */
  patches: ReadonlyMap<string, Changed[number]>
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
