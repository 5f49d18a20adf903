// How a target is shown: by the one legend.
import type { Batch, BatchTarget } from '../../../api/contract/batches.ts'
import type { BatchFilter } from '../../search.ts'
import type { ShownStatus } from '../../ui/status-legend.ts'

export function shownTarget({ status, waiting }: Pick<BatchTarget, 'status' | 'waiting'>): ShownStatus {
  if (status === 'refused') return 'error'
  return status === 'running' && waiting ? 'waiting' : status
}

const groups: Record<Exclude<BatchFilter, 'all' | 'attention'>, readonly BatchTarget['status'][]> = {
  'not-started': ['not-started'],
  live: ['queued', 'running', 'paused'],
  completed: ['completed'],
  failed: ['failed', 'error', 'rejected', 'refused'],
  canceled: ['canceled'],
}

export function isShown(target: BatchTarget, show: BatchFilter): boolean {
  if (show === 'all') return true
  return show === 'attention' ? target.attention === true : groups[show].includes(target.status)
}

/** How many targets a filter shows. */
export function countOf(
  { counts, attention }: Pick<Batch, 'counts' | 'attention'>,
  show: BatchFilter,
): number {
  if (show === 'attention') return attention
  const wanted = show === 'all' ? (Object.keys(counts) as BatchTarget['status'][]) : groups[show]
  return wanted.reduce((all, status) => all + (counts[status] ?? 0), 0)
}

/** The look of a group as a whole. */
export const groupLook: Record<Exclude<BatchFilter, 'all' | 'attention'>, ShownStatus> = {
  completed: 'completed',
  live: 'running',
  failed: 'failed',
  canceled: 'canceled',
  'not-started': 'not-started',
}
