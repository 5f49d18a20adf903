// Rows of the queue that are not effects: timers that are due, children that ended, acts for other executions.
import { AppError } from '../core/errors.ts'
import { isEnded } from '../core/statuses.ts'
import { admit } from '../store/admission.ts'
import { type ClaimedRow, postpone, removeRow } from '../store/queue.ts'
import { actOnChildren, startChild } from './children.ts'
import type { Core } from './core.ts'
import type { Started, StartRequest } from './engine.ts'
import type { Gate } from './gate.ts'
import { recordsToLock } from './hold-records.ts'
import type { Live, Message } from './live.ts'
import { idsOf } from './log-turn.ts'
import type { ChildrenAct } from './stop-run.ts'

export interface TakeUpTools {
  core: Core
  gate: Gate
  startChild(request: StartRequest): Promise<Started>
}

export interface TakeUps {
  /** Never throws: a row that cannot be taken up now is put off, or given back (see `strays.ts`). */
  start(row: ClaimedRow): void
}

/** Executions that wait for a place or for records look again after so long, if nobody wakes them before. */
const lookAgainMs = 2000

export function createTakeUps(tools: TakeUpTools): TakeUps {
  const { core } = tools
  return {
    start(row) {
      core.hands.take(row)
      void takeUp(tools, row).finally(() => core.hands.drop(row))
    },
  }
}

/** A row that leads nowhere any more is removed. */
async function takeUp(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core } = tools
  try {
    await handle(tools, row).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not-found') return removeRow(core.pool, row)
      core.log.warn(
        { err: error, ...idsOf(row), kind: row.kind },
        'A queued row could not be taken up; it is put off',
      )
      return putOff(core, row, lookAgainMs * (1 + row.crashes))
    })
  } catch (error) {
    core.log.warn(
      { err: error, ...idsOf(row), kind: row.kind },
      'A queued row could not be put off; it is given back',
    )
  }
}

async function handle(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core, gate } = tools
  if (row.kind === 'start') return startQueued(tools, row)
  if (row.kind === 'act') return act(tools, row)
  const verdict = await gate.send(row.execution, { ...messageFor(row), unqueue: [row] })
  if (verdict === 'ignored') await removeRow(core.pool, row)
}

function putOff(core: Core, row: ClaimedRow, afterMs: number): Promise<void> {
  return postpone(core.pool, { ...row, process: core.process }, afterMs)
}

function messageFor(row: ClaimedRow): Message {
  const { run, attempt } = row
  switch (row.kind) {
    case 'wake':
    case 'resume':
      return { event: { type: 'woken', run, attempt }, facts: { answer: row.payload } }
    case 'timeout':
      return { event: { type: 'timed-out', run, attempt } }
    default:
      return { event: { type: 'terminated', reason: 'timeout' } }
  }
}

async function act(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const payload = row.payload as { act: string }
  if (payload.act === 'start-child') await startChild(tools, row)
  else await actOnChildren(tools, row.execution, row.payload as unknown as ChildrenAct)
  await removeRow(tools.core.pool, row)
}

/** A queued execution starts when there is a place for it and the records it works on are free. */
async function startQueued(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core, gate } = tools
  const live = await gate.peek(row.execution)
  if (!isEnded(live.state.status) && !(await mayStart(core, live))) return putOff(core, row, lookAgainMs)
  const verdict = await gate.send(row.execution, { event: { type: 'started' }, unqueue: [row] })
  if (verdict === 'ignored') await removeRow(core.pool, row)
}

async function mayStart(core: Core, live: Live): Promise<boolean> {
  const { concurrency } = live.version.document.settings ?? {}
  if (live.concurrencyKey && concurrency) {
    const { limit, over = 'run' } = concurrency
    if (!(await admit(core.pool, { id: live.id, key: live.concurrencyKey, limit, over }))) return false
  }
  const records = recordsToLock(live)
  if (records.length === 0) return true
  const { taken } = await core.services.takeLocks(live.id, records)
  return taken
}
