// How a target is shown: by the one legend.
import type { Batch, BatchTarget } from '../../../api/contract/batches.ts'
import type { BatchFilter } from '../../search.ts'
import type { ShownStatus } from '../../ui/status-legend.ts'

export function shownTarget({
  status,
  waiting,
  asks,
}: Pick<BatchTarget, 'status' | 'waiting' | 'asks'>): ShownStatus {
  if (status === 'refused') return 'error'
  if (asks) return 'waiting-person'
  return status === 'running' && waiting ? 'waiting' : status
}

/** Those that a person has to help on are shown by themselves. */
const stuck = ['attention', 'asks'] as const
type Stuck = (typeof stuck)[number]

const groups: Record<Exclude<BatchFilter, 'all' | Stuck>, readonly BatchTarget['status'][]> = {
  'not-started': ['not-started'],
  live: ['queued', 'running', 'paused'],
  completed: ['completed'],
  failed: ['failed', 'error', 'rejected', 'refused'],
  canceled: ['canceled'],
}

export function isShown(target: BatchTarget, show: BatchFilter): boolean {
  if (show === 'all') return true
  if (show === 'attention' || show === 'asks') return target[show] === true
  return groups[show].includes(target.status) && (show !== 'live' || stuck.every((why) => !target[why]))
}

/** How many targets a filter shows. */
export function countOf({ counts, ...people }: Pick<Batch, 'counts' | Stuck>, show: BatchFilter): number {
  if (show === 'attention' || show === 'asks') return people[show]
  const wanted = show === 'all' ? (Object.keys(counts) as BatchTarget['status'][]) : groups[show]
  const sum = wanted.reduce((all, status) => all + (counts[status] ?? 0), 0)
  return show === 'live' ? sum - people.attention - people.asks : sum
}

/** The look of a group as a whole. */
export const groupLook: Record<Exclude<BatchFilter, 'all' | 'attention'>, ShownStatus> = {
  completed: 'completed',
  asks: 'waiting-person',
  live: 'running',
  failed: 'failed',
  canceled: 'canceled',
  'not-started': 'not-started',
}
