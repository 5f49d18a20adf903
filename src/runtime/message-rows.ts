// What a message brings besides its event: rows to write, facts and bindings to remember.
import type { ExecutionEvent } from '../core/event.ts'
import { attemptId } from '../core/run-id.ts'
import type { BindingRow, RunRow, Save } from '../store/save.ts'
import type { Live, Message } from './live.ts'
import type { Turn } from './turn.ts'

export function rememberFacts(turn: Turn, message: Message, event: ExecutionEvent): void {
  if (!('attempt' in event) || event.attempt === undefined || !message.facts) return
  turn.facts.set(attemptId(event.run, event.attempt), message.facts)
  if (event.type === 'each' && message.facts.items) turn.live.items.set(event.run, message.facts.items)
}

export function addRows(save: Save, message: Message): void {
  if (message.act) save.acts.push(message.act)
  if (message.closeTask) save.closeTasks.push(message.closeTask)
  if (message.queue) save.queue.push(...message.queue)
  if (message.facts?.logs) save.logs.push(...message.facts.logs)
}

/** The first message brings what an execution starts with, even when it is only queued. */
export function addStartRows(turn: Turn, message: Message, bindings: readonly BindingRow[]): void {
  turn.applied.add(message)
  turn.save.bindings.push(...bindings)
  if (!message.event && message.queue) turn.save.queue.push(...message.queue)
}

export function noteRow(turn: Turn, message: Message, row: RunRow): void {
  const run = turn.state.runs[row.run]
  if (run?.attempt !== row.attempt || run.status !== 'running') return
  turn.rows.set(attemptId(row.run, row.attempt), row)
  if (message.facts?.logs) turn.save.logs.push(...message.facts.logs)
  turn.applied.add(message)
}

/** An effect claimed while its execution is paused goes back to the queue until it is resumed. */
export function park(turn: Turn, message: Message, row: { run: string; attempt: number }): void {
  const run = turn.state.runs[row.run]
  if (turn.state.status !== 'paused' || run?.attempt !== row.attempt) return
  turn.save.parked = [...(turn.save.parked ?? []), row]
  turn.applied.add(message)
}

/** With the records a rebinding brings, which count from its event on, should it be legal. */
export function bindingsFor({ live }: Turn, { rebind }: Message): Live['bindings'] {
  if (!rebind) return live.bindings
  return new Map(live.bindings).set(
    rebind.run,
    rebind.records.map(({ id }) => id),
  )
}

export function rememberBinding(turn: Turn, rebind: NonNullable<Message['rebind']>): void {
  const { run, collection, records } = rebind
  turn.live.bindings.set(
    run,
    records.map(({ id }) => id),
  )
  const toOne = turn.live.bindingInfo.get(run)?.toOne ?? false
  turn.live.bindingInfo.set(run, { collection, toOne })
  const labels = records.map(({ label }) => label)
  turn.save.bindings.push({
    run,
    collection,
    records: records.map(({ id }) => id),
    labels,
    mode: 'rebound',
    toOne,
  })
}
