// Child executions: started once, and in step with the run that waits for them.
import { AppError } from '../core/errors.ts'
import type { ExecutionEvent } from '../core/event.ts'
import type { Json } from '../core/json.ts'
import type { ChildRequest } from '../core/outcome.ts'
import { isEnded } from '../core/statuses.ts'
import { findChildren, readStatus } from '../store/executions.ts'
import type { ClaimedRow } from '../store/queue.ts'
import type { Core } from './core.ts'
import type { Started } from './engine.ts'
import { type Live, readLive } from './live.ts'
import type { ChildrenAct } from './stop-run.ts'
import type { TakeUpTools } from './take-up.ts'
import { printTraceparent } from './traces/trace-context.ts'

/** Idempotent by its key: repeated after a crash it finds the child it had started. */
export async function startChild(tools: TakeUpTools, row: ClaimedRow): Promise<void> {
  const { core } = tools
  const child = row.payload as unknown as ChildRequest
  const parent = await readLive(core, row.execution)
  if (!isWaiting(parent, row)) return
  const started = await tryToStart(tools, parent, { row, child })
  if (started instanceof AppError) await answer(tools, row, refusal(started))
  else if (child.detached) await answer(tools, row, { id: started.id })
  else await alignChild(tools, row, started.id)
}

function isWaiting({ state }: Live, { run, attempt }: ClaimedRow): boolean {
  const at = state.runs[run]
  return !isEnded(state.status) && at?.attempt === attempt && at.status === 'waiting'
}

async function tryToStart(
  tools: TakeUpTools,
  parent: Live,
  { row, child }: { row: ClaimedRow; child: ChildRequest },
): Promise<Started | AppError> {
  const { core } = tools
  const { execution, run, attempt } = row
  try {
    return await tools.startChild({
      workflow: child.workflow,
      ...(child.version === undefined ? {} : { version: child.version }),
      ...(child.target ? { target: child.target } : {}),
      inputs: child.inputs ?? {},
      trigger: 'parent',
      dedupKey: `child:${execution}:${run}:${attempt}`,
      by: { name: parent.startedBy },
      ...traceFor(core, parent, row),
      parent: { execution, run, attempt, depth: parent.depth + 1 },
    })
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return error
    throw error
  }
}

/** Part of the trace of its parent, below the run that waits for it. */
function traceFor({ traces }: Core, parent: Live, row: ClaimedRow): { trace?: string } {
  const trace = traces ? printTraceparent(traces.contextOf(parent, row)) : parent.trace
  return trace ? { trace } : {}
}

function refusal({ code, message }: AppError): Json {
  return { id: null, status: 'failed', output: null, error: { code, message } }
}

async function answer(
  tools: TakeUpTools,
  { execution, run, attempt }: ClaimedRow,
  given: Json,
): Promise<void> {
  await tools.gate.send(execution, { event: { type: 'woken', run, attempt }, facts: { answer: given } })
}

/** What befell the parent while the child was being started did not reach the child. */
async function alignChild(tools: TakeUpTools, row: ClaimedRow, child: string): Promise<void> {
  const { core } = tools
  const parent = await readLive(core, row.execution)
  // It may also wait no longer because the child has ended already; then there is nothing to terminate.
  if (!isWaiting(parent, row)) await terminateChild(tools, child)
  else if (parent.state.status === 'paused') await followParent(tools, child)
}

/** After the parent's commit: a child whose start commits later finds out about the parent itself. */
export async function actOnChildren(tools: TakeUpTools, parent: string, act: ChildrenAct): Promise<void> {
  for (const child of await findChildren(tools.core.pool, parent)) {
    if (act.of && (child.run !== act.of.run || child.attempt > act.of.attempt)) continue
    if (act.tell === 'follow') await followParent(tools, child.id)
    else await terminateChild(tools, child.id)
  }
}

async function terminateChild(tools: TakeUpTools, child: string): Promise<void> {
  await sendAsParent(tools, child, { type: 'terminated', reason: 'parent-canceled' })
}

/** Until both agree: the parent may be paused and resumed while its child is told. */
async function followParent(tools: TakeUpTools, child: string): Promise<void> {
  const { parent } = await tools.gate.peek(child)
  for (let told = ''; parent; ) {
    const row = await readStatus(tools.core.pool, parent.execution)
    const wanted = row?.status === 'paused' ? 'paused' : 'resumed'
    if (wanted === told) return
    await sendAsParent(tools, child, { type: wanted })
    told = wanted
  }
}

const actNames: Partial<Record<ExecutionEvent['type'], string>> = {
  paused: 'pause',
  resumed: 'resume',
  terminated: 'terminate',
}

async function sendAsParent(tools: TakeUpTools, child: string, event: ExecutionEvent): Promise<void> {
  await tools.gate.send(child, { event, act: { act: actNames[event.type] ?? event.type, by: 'parent' } })
}
