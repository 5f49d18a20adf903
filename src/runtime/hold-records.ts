// What a live execution holds beside its own rows: the records it works on, and the time it may take (rules 27, 33).
import { durationMs } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { QueueRow } from '../store/save.ts'
import type { Live } from './live.ts'

/** The records of the target, or of every binding known at the start. */
export function recordsToLock(live: Live): { collection: string; id: string }[] {
  const { lock = 'none' } = live.version.document.settings ?? {}
  if (lock === 'none') return []
  const records = live.target ? [{ collection: live.target.collection, id: live.target.id }] : []
  if (lock === 'target') return records
  for (const [run, ids] of live.bindings) {
    const collection = live.bindingInfo.get(run)?.collection
    if (collection) records.push(...ids.map((id) => ({ collection, id })))
  }
  const names = new Set<string>()
  return records.filter(({ collection, id }) => {
    const name = `${collection}/${id}`
    return !names.has(name) && names.add(name)
  })
}

export function lockedError(held: readonly string[] | undefined): AppError {
  const records = held?.join(', ')
  return new AppError('target-locked', `Other executions work on ${records ?? 'these records'}.`, {
    why: records === undefined ? undefined : { key: 'records-locked', records },
  })
}

export function deadlineRows(live: Live): QueueRow[] {
  const { timeout } = live.version.document.settings ?? {}
  if (timeout === undefined) return []
  const { workflow } = live.version
  return [{ run: '', attempt: 0, kind: 'deadline', workflow, afterMs: durationMs(timeout) }]
}
