// The ends and pauses of a whole execution, and what they mean for others: parent, children, locks, queue.
import type { Command } from '../core/command.ts'
import type { Json } from '../core/json.ts'
import { wakeQueued, wakeQueuedOn } from '../store/executions.ts'
import { deadlineRows, lockedError, recordsToLock } from './hold-records.ts'
import { tellChildren } from './stop-run.ts'
import { queueClaimed, type Turn } from './turn.ts'

type HeaderCommand = Extract<Command, { type: 'hold' | 'release' | 'reopen' | 'finish' }>

export function finishExecution(turn: Turn, command: HeaderCommand): Promise<void> | undefined {
  switch (command.type) {
    case 'hold':
      turn.save.held = 'hold'
      tellWaitedFor(turn)
      return undefined
    case 'release':
      turn.save.held = 'release'
      tellWaitedFor(turn)
      return undefined
    case 'reopen':
      return reopen(turn)
    case 'finish':
      finish(turn, command)
      return undefined
  }
}

/** Children that nobody waits for go their own way. */
function tellWaitedFor(turn: Turn): void {
  const isWaiting = Object.values(turn.state.runs).some((run) => run.wait === 'child')
  if (isWaiting) tellChildren(turn, { tell: 'follow' })
}

/** It is live again: it holds its records again, and its time runs anew. */
async function reopen(turn: Turn): Promise<void> {
  const { core, live, save } = turn
  save.header.endedAt = null
  save.queue.push(...deadlineRows(live))
  const records = recordsToLock(live)
  if (records.length === 0) return
  const { taken, held } = await core.services.takeLocks(live.id, records)
  if (!taken) throw lockedError(held)
}

function finish(turn: Turn, command: Extract<Command, { type: 'finish' }>): void {
  const { core, live, save } = turn
  const { settings } = live.version.document
  if (!save.header.error && command.status !== 'completed') save.header.error = endError(turn)
  if (settings?.timeout !== undefined) save.unqueue.push({ run: '', attempt: 0, kind: 'deadline' })
  if (live.state.status === 'queued') save.unqueue.push({ run: '', attempt: 0, kind: 'start' })
  if (settings?.lock && settings.lock !== 'none') save.releaseLocks = true
  if (live.concurrencyKey || save.releaseLocks) {
    turn.after.push(() => wakeQueued(core.pool, live.version.workflow))
  }
  const { target } = live
  if (save.releaseLocks && target) turn.after.push(() => wakeQueuedOn(core.pool, target))
  if (live.parent) tellParent(turn, command.status)
}

/** The error of the run that brought the end about: the last one that failed in this turn. */
function endError(turn: Turn): Json | undefined {
  const failed = [...turn.rows.values()].filter((row) => row.error).at(-1)
  if (!failed) return undefined
  return { ...(failed.error as { [key: string]: Json }), run: failed.run }
}

function tellParent(turn: Turn, status: string): void {
  const { live, save } = turn
  const parent = live.parent as NonNullable<typeof live.parent>
  queueClaimed(turn, {
    execution: parent.execution,
    run: parent.run,
    attempt: parent.attempt,
    kind: 'resume',
    workflow: live.version.workflow,
    payload: { id: live.id, status, output: live.output, error: (save.header.error ?? null) as Json },
  })
}
