// Rows of the queue that are not effects: timers that are due, children that ended, acts for other executions.
import { AppError } from '../core/errors.ts'
import type { ExecutionEvent } from '../core/event.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { ChildRequest } from '../core/outcome.ts'
import { isEnded } from '../core/statuses.ts'
import { isAdmitted } from '../store/executions.ts'
import { type ClaimedRow, postpone, removeRow } from '../store/queue.ts'
import type { Core } from './core.ts'
import type { Started, StartRequest } from './engine.ts'
import type { Gate } from './gate.ts'
import type { Live, Message } from './live.ts'

export interface TakeUpTools {
  core: Core
  gate: Gate
  startChild(request: StartRequest): Promise<Started>
}

/** Executions that wait for a place or for records look again after so long, if nobody wakes them before. */
const lookAgainMs = 2000

/** A row that leads nowhere any more is removed; a row that fails is put off, never lost. */
export async function takeUp(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core, gate } = tools
  try {
    if (row.kind === 'start') return await startQueued(tools, row)
    if (row.kind === 'act') return await act(tools, row)
    const verdict = await gate.send(row.execution, { ...messageFor(row), unqueue: [own(row)] })
    if (verdict === 'ignored') await removeRow(core.pool, row)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return removeRow(core.pool, row)
    core.log.warn({ err: error, row }, 'A queued row could not be taken up; it is put off')
    await postpone(core.pool, row, lookAgainMs * (1 + row.crashes))
  }
}

function own({ run, attempt, kind }: ClaimedRow): { run: string; attempt: number; kind: string } {
  return { run, attempt, kind }
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
  const payload = row.payload as JsonObject
  if (payload.act === 'start-child') await startChild(tools, row, payload as unknown as ChildRequest)
  else await actOn(tools, row, payload.act as string)
  await removeRow(tools.core.pool, row)
}

async function actOn(tools: TakeUpTools, row: ClaimedRow, name: string): Promise<void> {
  const events: Record<string, ExecutionEvent> = {
    pause: { type: 'paused' },
    resume: { type: 'resumed' },
    terminate: { type: 'terminated', reason: 'parent-canceled' },
  }
  const event = events[name]
  if (event) await tools.gate.send(row.execution, { event, act: { act: name, by: 'parent' } })
}

/** Idempotent by its key: repeated after a crash it finds the child it had started. */
async function startChild(tools: TakeUpTools, row: ClaimedRow, child: ChildRequest): Promise<void> {
  const { gate } = tools
  const parent = await gate.open(row.execution)
  const { run, attempt } = row
  try {
    const started = await tools.startChild({
      workflow: child.workflow,
      ...(child.version === undefined ? {} : { version: child.version }),
      ...(child.target ? { target: child.target } : {}),
      inputs: child.inputs ?? {},
      trigger: 'parent',
      dedupKey: `child:${row.execution}:${run}:${attempt}`,
      by: { name: parent.startedBy },
      parent: { execution: row.execution, run, attempt, depth: parent.depth + 1 },
    })
    if (!child.detached) return
    await gate.send(row.execution, {
      event: { type: 'woken', run, attempt },
      facts: { answer: { id: started.id } },
    })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const answer: Json = {
      id: null,
      status: 'failed',
      output: null,
      error: { code: error.code, message: error.message },
    }
    await gate.send(row.execution, { event: { type: 'woken', run, attempt }, facts: { answer } })
  }
}

/** A queued execution starts when there is a place for it and the records it works on are free. */
async function startQueued(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core, gate } = tools
  const live = await gate.open(row.execution)
  if (isEnded(live.state.status)) return removeRow(core.pool, row)
  if (!(await mayStart(core, live))) return postpone(core.pool, row, lookAgainMs)
  const verdict = await gate.send(row.execution, { event: { type: 'started' }, unqueue: [own(row)] })
  if (verdict === 'ignored') await removeRow(core.pool, row)
}

async function mayStart(core: Core, live: Live): Promise<boolean> {
  const { concurrency } = live.version.document.settings ?? {}
  if (live.concurrencyKey && concurrency) {
    const { limit, over = 'run' } = concurrency
    if (!(await isAdmitted(core.pool, { id: live.id, key: live.concurrencyKey, limit, over }))) return false
  }
  const records = recordsToLock(live)
  if (records.length === 0) return true
  const { taken } = await core.services.takeLocks(live.id, records)
  return taken
}

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
