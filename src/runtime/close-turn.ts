// The save of a turn as it stands after the last message.
import { writeSnapshot } from '../core/snapshot.ts'
import { flagsOf } from '../core/state.ts'
import { isEnded } from '../core/statuses.ts'
import { wakeQueued } from '../store/executions.ts'
import { choosePacked } from '../store/run-packs.ts'
import type { QueueRow, Save } from '../store/save.ts'
import type { Turn } from './turn.ts'

export function closeTurn(turn: Turn): Save {
  const { save, state, live } = turn
  save.runs = [...turn.rows.values()]
  if (turn.core.packing.isOn) choosePacked(save.runs, ({ run }) => live.state.runs[run] === undefined)
  const flags = flagsOf(state)
  const { header } = save
  header.status = state.status
  header.waiting = flags.waiting
  header.attention = flags.attention
  header.snapshot = writeSnapshot(state)
  header.dispatched = turn.dispatched
  if (state.reason) header.reason = state.reason
  if (live.output !== null) header.output = live.output
  if (isEnded(state.status)) header.endedAt = Math.round(turn.core.clock.now())
  if (flags.waiting && lettingOthersIn(turn)) {
    turn.after.push(() => wakeQueued(turn.core.pool, live.version.workflow))
  }
  if (save.parked && state.status !== 'paused') delete save.parked
  dropDoneRows(turn)
  // Of an execution that is new nothing can be in the queue.
  if (save.insert) save.unqueue = []
  save.unqueue.push(...turn.takenUp)
  turn.held = save.queue.flatMap((row) =>
    row.claimedBy ? [{ ...row, execution: row.execution ?? save.id }] : [],
  )
  return save
}

/** One that waits for time, a person or an event lets the next begin (rule 25). */
function lettingOthersIn({ live }: Turn): boolean {
  const { concurrency } = live.version.document.settings ?? {}
  return live.concurrencyKey !== undefined && concurrency?.over === 'active'
}

/** What was queued or asked and done with in the same turn is not written, and not started either. */
function dropDoneRows(turn: Turn): void {
  const { save } = turn
  if (save.unqueue.length === 0) return
  const isOver = (row: { run: string; attempt: number }): boolean =>
    save.unqueue.some((done) => !done.kind && done.run === row.run && done.attempt === row.attempt)
  save.tasks = save.tasks.filter((task) => !isOver(task))
  if (save.queue.length === 0) return
  const kept = save.queue.filter((row) => !isDone(save, row))
  if (kept.length === save.queue.length) return
  save.queue = kept
  const isKept = (row: { run: string; attempt: number; execution?: string }, kind: string): boolean =>
    kept.some(
      (other) =>
        other.run === row.run &&
        other.attempt === row.attempt &&
        other.kind === kind &&
        (other.execution ?? save.id) === (row.execution ?? save.id),
    )
  turn.effects = turn.effects.filter((effect) => isKept(effect, 'run'))
  turn.claimed = turn.claimed.filter((row) => isKept(row, row.kind))
}

function isDone(save: Save, row: QueueRow): boolean {
  if (row.execution !== undefined && row.execution !== save.id) return false
  return save.unqueue.some(
    (done) => done.run === row.run && done.attempt === row.attempt && (done.kind ?? row.kind) === row.kind,
  )
}
