// What operators do: checked against the present state, sent through the gate, refused with a clear reason.

import { AppError } from '../core/errors.ts'
import type { ActEvent, ExecutionEvent } from '../core/event.ts'
import type { Json } from '../core/json.ts'
import { nodeOf, ownerOf } from '../core/run-id.ts'
import type { State } from '../core/state.ts'
import { isEnded, isFailure, type RunStatus } from '../core/statuses.ts'
import type { Why } from '../core/why.ts'
import { findTaskKey } from '../store/tasks.ts'
import type { Core } from './core.ts'
import type { Act, Principal } from './engine.ts'
import type { Gate } from './gate.ts'
import { type Live, type Message, readLive } from './live.ts'
import { rebindRecords } from './rebind.ts'

export interface OperateTools {
  core: Core
  gate: Gate
}

/** Throws `illegal-act` when the status does not allow it; nothing changes then. */
export async function actOnExecution(
  tools: OperateTools,
  id: string,
  acting: { act: Act; by: Principal },
): Promise<void> {
  // Read anew: what is in memory may be behind what other processes did.
  const live = await readLive(tools.core, id)
  const { act } = acting
  if (act.type === 'retry') return retryAll(tools, live, acting)
  if ('run' in act) requireRun(live, act.run)
  const message = await messageFor(tools, live, acting)
  const verdict = await tools.gate.send(id, message)
  if (verdict === 'ignored') throw illegal(act, live)
}

function requireRun(live: Live, run: string): void {
  if (live.version.nodes.has(nodeOf(run))) return
  throw new AppError('not-found', `Execution ${live.id} has no node run ${run}.`)
}

function illegal(act: Act, live: Live): AppError {
  const run = 'run' in act ? live.state.runs[act.run] : undefined
  const where = 'run' in act ? `node run ${act.run} (${run?.status ?? 'not under way'})` : 'the execution'
  const { status } = live.state
  return new AppError('illegal-act', `'${act.type}' is not possible: ${where}, execution ${status}.`, {
    why: 'run' in act ? whyNotRun(act, run?.status) : { key: 'act-not-possible', act: act.type, status },
  })
}

function whyNotRun({ type, run }: Act & { run: string }, status: RunStatus | undefined): Why {
  const act = type === 'retry-run' ? 'retry' : type
  return status === undefined
    ? { key: 'run-not-under-way', act, run }
    : { key: 'run-act-not-possible', act, run, status }
}

async function messageFor(
  tools: OperateTools,
  live: Live,
  acting: { act: Act; by: Principal },
): Promise<Message> {
  const { act, by } = acting
  const row = {
    act: act.type,
    by: by.name,
    ...('run' in act ? { run: act.run } : {}),
    ...(act.reason ? { reason: act.reason } : {}),
  }
  if (act.type === 'rebind') {
    const rebind = await rebindRecords(tools.core, live, act)
    const details = { records: act.records }
    return {
      event: { type: 'rebound', run: act.run, count: act.records.length },
      rebind,
      act: { ...row, details },
    }
  }
  if (act.type === 'choose') checkPort(live, act)
  const facts = { ...factsOf(act), by: by.name }
  const close = 'run' in act ? closedTask(live, act, by) : {}
  return { event: eventFor(act), act: row, facts, ...close }
}

function eventFor(act: Act): ExecutionEvent {
  const at =
    'run' in act
      ? { run: act.run, ...('attempt' in act && act.attempt ? { attempt: act.attempt } : {}) }
      : { run: '' }
  switch (act.type) {
    case 'pause':
      return { type: 'paused' }
    case 'resume':
      return { type: 'resumed' }
    case 'terminate':
      return { type: 'terminated', reason: 'terminated' }
    case 'retry-run':
      return { type: 'retried', ...at, ...(act.records ? { items: act.records } : {}) }
    case 'skip':
      return { type: 'skipped', ...at }
    case 'complete':
      return { type: 'completed', ...at, ...(act.port ? { port: act.port } : {}) }
    case 'choose':
      return { type: 'chosen', ...at, port: act.port }
    case 'confirm':
      return { type: 'confirmed', ...at }
    default:
      throw new AppError('internal', `No event for ${act.type}.`)
  }
}

function factsOf(act: Act): { output?: Json; config?: { [key: string]: Json } } {
  if (act.type === 'complete') return { output: act.output ?? null }
  if (act.type === 'choose') return { output: { port: act.port } }
  return act.type === 'retry-run' && act.config ? { config: act.config } : {}
}

/** The task of a run completed by hand is closed with the same answer. */
function closedTask(live: Live, act: Act & { run: string }, by: Principal): Partial<Message> {
  const run = live.state.runs[act.run]
  if (run?.wait !== 'person' || (act.type !== 'complete' && act.type !== 'choose')) return {}
  const answer = act.type === 'choose' ? { port: act.port } : { output: act.output ?? null }
  return { closeTask: { run: act.run, attempt: run.attempt, answer, by: by.name } }
}

/** A decision may only take a port its node has. */
function checkPort(live: Live, act: { run: string; port: string }): void {
  const node = live.version.nodes.get(nodeOf(act.run))
  const options = (node?.config.options ?? []) as { name?: string }[]
  const names = options.map((option) => option.name)
  if (names.includes(act.port)) return
  const detail = `'${act.port}' is not one of the choices: ${names.join(', ')}.`
  throw new AppError('illegal-act', detail, {
    pointer: '/port',
    why: { key: 'not-a-choice', choices: names.join(', ') },
  })
}

/** Every failed run, each by its own event; at least one must have been retried. */
async function retryAll(tools: OperateTools, live: Live, acting: { act: Act; by: Principal }): Promise<void> {
  const failed = retryableRuns(live.state)
  if (failed.length === 0) throw illegal(acting.act, live)
  const reason = acting.act.reason ? { reason: acting.act.reason } : {}
  const verdicts = await Promise.all(
    failed.map((run) => {
      const event: ActEvent = { type: 'retried', run }
      return tools.gate.send(live.id, { event, act: { act: 'retry', run, by: acting.by.name, ...reason } })
    }),
  )
  if (!verdicts.includes('applied')) throw illegal(acting.act, live)
}

/** Failed runs that no other failed run lies in: the causes, not the containers they took down. */
export function retryableRuns(state: State): string[] {
  const failed = Object.entries(state.runs).filter(
    ([, run]) => isFailure(run.status) && (run.held || isEnded(state.status)),
  )
  const ids = failed.map(([id]) => id)
  return ids.filter(
    (id) => !ids.some((other) => other !== id && other.startsWith(`${id}[`)) || ownerOf(id) !== undefined,
  )
}

const closed = { key: 'task-closed' } as const

export async function answerTask(
  tools: OperateTools,
  taskId: string,
  given: { answer: { output?: Json; port?: string }; by: Principal },
): Promise<void> {
  const task = await findTaskKey(tools.core.pool, taskId)
  if (!task) throw new AppError('not-found', `There is no task ${taskId}.`)
  if (task.status !== 'open')
    throw new AppError('illegal-act', 'This task is closed already.', { why: closed })
  const { run, attempt } = task
  const answer = answerFor(task.kind, given.answer)
  const verdict = await tools.gate.send(task.execution, {
    event: { type: 'woken', run, attempt },
    facts: { answer, by: given.by.name },
    act: { act: 'answer', run, by: given.by.name, details: answer },
    closeTask: { run, attempt, answer, by: given.by.name },
  })
  if (verdict === 'ignored')
    throw new AppError('illegal-act', 'Nothing waits for this task any more.', { why: closed })
}

/** What `resume` of the node type receives: a form's values, or the port and comment of a decision. */
function answerFor(kind: string, answer: { output?: Json; port?: string }): Json {
  if (kind === 'manual') return answer.output ?? {}
  const extra = typeof answer.output === 'object' && !Array.isArray(answer.output) ? answer.output : {}
  return { ...extra, port: answer.port ?? null }
}
