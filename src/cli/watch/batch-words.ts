// How batches are told in a terminal.
import type { Batch } from '../../api/contract/batches.ts'
import { mustSayWhy } from '../../api/contract/reasons.ts'
import type { Style } from '../io.ts'

const failures = ['failed', 'error', 'rejected', 'refused'] as const

function sum({ counts }: Batch, statuses: readonly (keyof Batch['counts'])[]): number {
  return statuses.reduce((all, status) => all + (counts[status] ?? 0), 0)
}

/** `12 of 40 completed, 2 failed, 3 under way, 23 not started`. */
export const batchCounts = (batch: Batch): string => batchParts(batch).join(', ')

export function batchParts(batch: Batch): string[] {
  const { counts, attention, asks } = batch
  const all = countAll(batch)
  const parts: [count: number, word: string][] = [
    [sum(batch, failures), 'failed'],
    [counts.canceled ?? 0, 'canceled'],
    [attention, 'held'],
    [asks, 'waiting for a person'],
    [underWay(batch), 'under way'],
    [counts['not-started'] ?? 0, 'not started'],
  ]
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return [`${counts.completed ?? 0} of ${all} completed`, ...words]
}

const countAll = ({ counts }: Batch): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/** Share of all targets, 0 to 1. */
export function shareOf(batch: Batch, of: 'completed' | 'failed' | 'stuck' | 'under way'): number {
  const counts = {
    completed: batch.counts.completed ?? 0,
    failed: sum(batch, [...failures, 'canceled']),
    stuck: batch.attention + batch.asks,
    'under way': underWay(batch),
  }
  return counts[of] / Math.max(1, countAll(batch))
}

/** Without those that a person has to help on: a failed node holds them, or a task is open. */
export function underWay(batch: Batch): number {
  return sum(batch, ['queued', 'running', 'paused']) - batch.attention - batch.asks
}

/** Nothing goes on by itself: people have to mend or to answer, or all of it is paused. */
export function needsPerson(batch: Batch): boolean {
  const waits = (batch.counts['not-started'] ?? 0) > 0
  // What is held takes no place from others; what asks does.
  const startsMore = batch.state === 'running' && waits && batch.asks < batch.parallel
  if (batch.endedAt !== undefined || underWay(batch) > 0 || startsMore) return false
  // With none of them it is about to end.
  return batch.attention > 0 || batch.asks > 0 || (batch.state === 'paused' && waits)
}

export function batchLook(batch: Batch): { style: Style; word: string } {
  switch (batch.state) {
    case 'running':
      return { style: batch.attention > 0 ? 'red' : 'blueBright', word: 'running' }
    case 'paused':
      return { style: 'yellow', word: 'paused' }
    case 'stopped':
      return {
        style: 'gray',
        word: batch.reason === 'failures' ? 'stopped: too many failed' : 'stopped',
      }
    case 'completed':
      return allCompleted(batch)
        ? { style: 'green', word: 'completed' }
        : { style: 'red', word: 'some failed' }
  }
}

/** What to type after `npm run fermata -- `. */
export const commandOf = (act: Batch['acts'][number], id: string): string =>
  `batch ${act} ${id}${mustSayWhy[act] ? " --reason '…'" : ''}`

export const allCompleted = (batch: Batch): boolean =>
  batch.state === 'completed' && sum(batch, [...failures, 'canceled']) === 0

export function stopRuleText({ stopCount, stopPercent }: Batch): string {
  if (stopCount !== undefined) return `when more than ${stopCount} failed`
  return stopPercent === undefined ? 'however many fail' : `when more than ${stopPercent} % failed`
}
