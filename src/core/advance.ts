// The engine: a pure, total function of graph, state and event. No clock, no randomness, no I/O.
import { applyAct } from './acts.ts'
import type { Command } from './command.ts'
import { cancelInside, countItem, decideNext, endItem, fillBody, openBody } from './containers.ts'
import {
  addScope,
  type Draft,
  editRun,
  editScope,
  keepOwn,
  mark,
  nodeOfRun,
  openDraft,
  type Plan,
  type Signal,
} from './draft.ts'
import type { ExecutionEvent, RunEvent } from './event.ts'
import { endExecution, failRun, failScope } from './failing.ts'
import { rest } from './resting.ts'
import { settleNode, settleRun, startNode, startScope } from './routing.ts'
import type { Run, State } from './state.ts'
import { isEnded, type RunStatus } from './statuses.ts'

export interface Step {
  state: State
  commands: readonly Command[]
}

/**
 * The next state and what is to be done. An event that is stale or not legal now gives the same state object
 * and no commands. The state given in is never touched, unless it was made with the same `own` of the plan.
 */
export function advance(plan: Plan, state: State, event: ExecutionEvent): Step {
  const draft = openDraft(plan, state)
  if (!handle(draft, event)) return { state, commands: [] }
  for (let signal = draft.signals.shift(); signal; signal = draft.signals.shift()) {
    follow(draft, signal)
    forgetBefore(draft)
  }
  keepOwn(draft)
  return { state: draft.state, commands: draft.commands }
}

/** A failure that nobody passes on any further was absorbed: the state remembered for it is of no use. */
function forgetBefore(draft: Draft): void {
  if (!draft.before) return
  const travels = draft.signals.some(
    (signal) =>
      signal.type === 'failed' ||
      signal.type === 'scope-failed' ||
      signal.type === 'end' ||
      (signal.type === 'item-ended' && !signal.ok),
  )
  if (!travels) delete draft.before
}

function handle(draft: Draft, event: ExecutionEvent): boolean {
  switch (event.type) {
    case 'started':
      return start(draft)
    case 'terminated':
      if (isEnded(draft.state.status)) return false
      draft.signals.push({ type: 'end', status: 'canceled', reason: event.reason })
      return true
    case 'paused':
    case 'resumed':
    case 'retried':
    case 'skipped':
    case 'completed':
    case 'chosen':
    case 'confirmed':
    case 'rebound':
      return applyAct(draft, event)
    default:
      return handleRun(draft, event)
  }
}

function start(draft: Draft): boolean {
  if (draft.state.status !== 'queued') return false
  draft.state.status = 'running'
  addScope(draft, '', { marks: {}, live: 0, base: 0, top: 0 })
  draft.signals.push({ type: 'start-scope', scope: '' })
  return true
}

/** From which status an event about a run is legal. */
const legalFrom: Record<RunEvent['type'], readonly RunStatus[]> = {
  bound: ['running'],
  each: ['running'],
  decided: ['running'],
  done: ['running'],
  waiting: ['running'],
  woken: ['waiting'],
  began: ['retrying'],
  risky: ['running'],
  failed: ['running'],
  'timed-out': ['running', 'waiting'],
}

function isLegal(draft: Draft, event: RunEvent, run: Run): boolean {
  if (run.attempt !== event.attempt || !legalFrom[event.type].includes(run.status)) return false
  if (run.parked && !run.body) return false
  if (event.type === 'decided') return run.body?.deciding === true
  if (event.type === 'timed-out') return true
  if (event.type === 'failed') return run.body === undefined || run.body.deciding === true
  if (event.type === 'each' || event.type === 'bound') return run.body === undefined
  return run.body === undefined && draft.state.runs[event.run] !== undefined
}

function handleRun(draft: Draft, event: RunEvent): boolean {
  const run = draft.state.runs[event.run]
  if (isEnded(draft.state.status) || !run || !isLegal(draft, event, run)) return false
  const id = event.run
  switch (event.type) {
    case 'bound':
    case 'each':
      openBody(draft, id, event.count)
      if (event.count === null) decideNext(draft, id, true)
      return true
    case 'decided':
      decideNext(draft, id, event.more)
      return true
    case 'done':
      return complete(draft, event)
    case 'waiting':
      return wait(draft, event)
    case 'woken':
      delete editRun(draft, id).wait
      mark(draft, id, { status: 'running' })
      draft.commands.push({ type: 'resume', run: id, node: nodeOfRun(draft, id).id, attempt: run.attempt })
      return true
    case 'began':
      mark(draft, id, { status: 'running' })
      return true
    case 'risky':
      mark(draft, id, { status: 'risky' })
      rest(draft, id)
      return true
    case 'failed':
      draft.signals.push({ type: 'failed', run: id, kind: event.kind, final: event.final ?? false })
      return true
    case 'timed-out':
      return timeOut(draft, id)
  }
}

function complete(draft: Draft, event: Extract<RunEvent, { type: 'done' }>): boolean {
  mark(draft, event.run, { status: 'completed' })
  settleRun(draft, event.run, event.end ? [] : event.ports)
  if (event.end) {
    passEnd(draft)
    draft.signals.push({ type: 'end', status: event.end, run: event.run })
  }
  return true
}

/** Nothing follows an end; but it counts as passed, should the execution be reopened. */
function passEnd(draft: Draft): void {
  for (const signal of draft.signals.splice(0)) {
    if (signal.type === 'settled') editScope(draft, signal.scope).marks[signal.node] = ''
    else if (signal.type === 'item-ended') countItem(draft, signal.run, signal)
  }
}

function wait(draft: Draft, event: Extract<RunEvent, { type: 'waiting' }>): boolean {
  const run = editRun(draft, event.run)
  const node = nodeOfRun(draft, event.run)
  run.wait = event.for
  mark(draft, event.run, { status: 'waiting' })
  if (node.policy.timeoutMs !== undefined) {
    const { attempt } = run
    draft.commands.push({
      type: 'timer',
      run: event.run,
      node: node.id,
      attempt,
      afterMs: node.policy.timeoutMs,
    })
  }
  return true
}

function timeOut(draft: Draft, id: string): boolean {
  const { attempt, body } = editRun(draft, id)
  if (body) cancelInside(draft, id)
  draft.commands.push({ type: 'stop', run: id, attempt })
  draft.signals.push({ type: 'failed', run: id, kind: 'timed-out', final: false })
  return true
}

function follow(draft: Draft, signal: Signal): void {
  switch (signal.type) {
    case 'start-scope':
      return startScope(draft, signal.scope)
    case 'start-node':
      return startNode(draft, signal.scope, signal.node)
    case 'settled':
      if (draft.state.scopes[signal.scope])
        settleNode(draft, signal.scope, { id: signal.node, ports: signal.ports })
      return
    case 'fill':
      return fillBody(draft, signal.run)
    case 'item-ended':
      if (draft.state.runs[signal.run]?.body) endItem(draft, signal.run, signal)
      return
    case 'failed':
      if (draft.state.runs[signal.run]) failRun(draft, signal)
      return
    case 'scope-failed':
      if (signal.scope === '' || draft.state.scopes[signal.scope]) failScope(draft, signal.scope, signal.kind)
      return
    case 'end':
      return endExecution(draft, signal)
  }
}
