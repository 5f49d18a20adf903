// What the URL says → what is asked of the server. Pure but for the day it is.
import type { WorkflowFilter } from '../../data/queries.ts'
import type { RunSearch } from '../../search.ts'

type Period = NonNullable<RunSearch['updated']>
const months: Record<Exclude<Period, 'custom'>, number> = { '3m': 3, '6m': 6, '1y': 12 }

/** Whole days, so that asking again is the same question. */
export function runFilter(search: RunSearch, today: Date): WorkflowFilter {
  const { kind = 'main', q, favourite, target, owner } = search
  return {
    kind,
    state: 'published',
    ...(q ? { q } : {}),
    ...(favourite ? { favourite: true } : {}),
    ...(target ? { target } : {}),
    ...(owner ? { owner } : {}),
    ...updatedRange(search, today),
  }
}

function updatedRange({ updated, from, to }: RunSearch, today: Date) {
  if (updated === undefined) return {}
  if (updated !== 'custom') {
    const since = new Date(today.getFullYear(), today.getMonth() - months[updated], today.getDate())
    return { updatedAfter: since.toISOString() }
  }
  const after = dayStart(from, 0)
  const before = dayStart(to, 1)
  return { ...(after ? { updatedAfter: after } : {}), ...(before ? { updatedBefore: before } : {}) }
}

/** `2026-03-04` as the browser's own midnight, so many days later. */
function dayStart(text: string | undefined, later: number): string | undefined {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = (text ?? '').split('-').map(Number)
  const date = new Date(year, month - 1, day + later)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** Something besides the kind narrows the list. */
export const isNarrowed = ({ kind: _, ...rest }: RunSearch): boolean => Object.keys(rest).length > 0
