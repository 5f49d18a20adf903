// How far the records of a bound node or the items of a container are: the bar at the bottom of a card.
import { itemId } from '../../core/run-id.ts'
import { isFailure, type RunStatus } from '../../core/statuses.ts'
import type { RunIndex } from './run-index.ts'

export interface Progress {
  total: number
  done: number
  failed: number
  running: number
}

export function progressOf(
  index: RunIndex,
  run: string,
  boundCount: number | undefined,
): Progress | undefined {
  const keys = index.items.get(run) ?? []
  const total = Math.max(boundCount ?? 0, keys.length)
  if (total === 0) return undefined
  const progress: Progress = { total, done: 0, failed: 0, running: 0 }
  for (const key of keys) {
    const status = index.byId.get(itemId(run, key))?.status
    if (status !== undefined) count(progress, status)
  }
  return progress
}

function count(progress: Progress, status: RunStatus): void {
  if (status === 'completed' || status === 'skipped') progress.done += 1
  else if (isFailure(status) || status === 'canceled') progress.failed += 1
  else progress.running += 1
}
