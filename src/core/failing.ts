// What becomes of a failure: retry, hold, continue, branch, or up to the container and the end (rules 9 to 12).
import type { Mark } from './command.ts'
import { cancelInside, cancelRun, repeatItems, summaryOf } from './containers.ts'
import { type Draft, editRun, editScope, isBoundItem, mark, nodeOfRun, rememberBefore } from './draft.ts'
import type { GraphPolicy } from './graph.ts'
import { containerRun, dispatch, forgetRun, settleRun } from './routing.ts'
import { ownerOf, scopeOf } from './run-id.ts'
import { takeSignals } from './signals.ts'
import { type CancelReason, type ExecutionStatus, type FailureKind, isFailure } from './statuses.ts'

export interface Failure {
  run: string
  kind: FailureKind
  final: boolean
}

/** An attempt has failed: try again if the policy says so, else it is exhausted. */
export function failRun(draft: Draft, failure: Failure): void {
  const { run: id, kind } = failure
  const run = editRun(draft, id)
  const { policy } = nodeOfRun(draft, id)
  const tries = run.attempt - run.group + 1
  const mayRetry = !failure.final && policy.retryOn.includes(kind) && tries <= policy.retries
  if (!mayRetry) {
    exhaust(draft, id, kind)
    return
  }
  markFailed(draft, id, kind)
  nextAttempt(draft, id, 'same-round')
  if (run.body) {
    mark(draft, id, { status: 'running' })
    repeatItems(draft, id)
  } else dispatch(draft, id, { afterMs: backoffMs(policy, tries) })
}

/** Delay before try `tries + 1`: grows by the factor, bounded, without randomness. */
export function backoffMs(policy: GraphPolicy, tries: number): number {
  return Math.min(policy.maxDelayMs, Math.round(policy.delayMs * policy.factor ** (tries - 1)))
}

/** Every dispatch raises the attempt; an operator's retry also begins a new round. */
export function nextAttempt(draft: Draft, id: string, round: 'same-round' | 'new-round'): void {
  const run = editRun(draft, id)
  run.attempt++
  if (round === 'new-round') {
    run.group = run.attempt
    delete run.confirmed
  }
  const scope = editScope(draft, scopeOf(id))
  scope.top = Math.max(scope.top, run.attempt)
}

function markFailed(draft: Draft, id: string, kind: FailureKind): void {
  mark(draft, id, { status: kind, ...countsOf(draft, id) })
}

/** What a container or bound node that failed has come to. */
function countsOf(draft: Draft, id: string): Pick<Mark, 'summary'> {
  const { body } = editRun(draft, id)
  return body ? { summary: summaryOf(body, nodeOfRun(draft, id), 'failed') } : {}
}

function exhaust(draft: Draft, id: string, kind: FailureKind): void {
  if (isBoundItem(draft, id)) {
    failRecord(draft, id, kind)
    return
  }
  const { onError } = nodeOfRun(draft, id).policy
  switch (onError) {
    case 'hold':
      markFailed(draft, id, kind)
      editRun(draft, id).held = true
      return
    case 'continue':
      mark(draft, id, { status: 'completed', tolerated: kind, ...countsOf(draft, id) })
      settleRun(draft, id, ['out'])
      return
    case 'branch':
      markFailed(draft, id, kind)
      settleRun(draft, id, ['error'])
      return
    default:
      markFailed(draft, id, kind)
      rememberBefore(draft)
      draft.signals.push({ type: 'scope-failed', scope: scopeOf(id), kind })
  }
}

function failRecord(draft: Draft, id: string, kind: FailureKind): void {
  const owner = ownerOf(id) as string
  const index = draft.state.runs[id]?.index ?? 0
  cancelInside(draft, id)
  markFailed(draft, id, kind)
  forgetRun(draft, id)
  draft.signals.push({ type: 'item-ended', run: owner, index, ok: false, kind })
}

/** A scope has failed: the container it belongs to decides; at the root the execution ends. */
export function failScope(draft: Draft, scope: string, kind: FailureKind): void {
  if (scope === '') {
    draft.signals.push({ type: 'end', status: endStatusOf(kind) })
    return
  }
  const run = containerRun(draft, scope)
  cancelScope(draft, scope)
  const index = draft.state.scopes[scope]?.index ?? 0
  draft.signals.push({ type: 'item-ended', run, index, ok: false, kind })
}

function cancelScope(draft: Draft, scope: string): void {
  takeSignals(draft, scope)
  for (const id of Object.keys(draft.state.runs)) {
    if (scopeOf(id) !== scope) continue
    cancelInside(draft, id)
    cancelRun(draft, id)
    forgetRun(draft, id)
  }
}

/** Whether a run of a live or ended execution has failed and can be taken up again. */
export function hasFailed(draft: Draft, id: string): boolean {
  const run = draft.state.runs[id]
  return run !== undefined && isFailure(run.status)
}

function endStatusOf(kind: FailureKind): ExecutionStatus {
  return kind === 'timed-out' ? 'error' : kind
}

export interface End {
  status: ExecutionStatus
  reason?: CancelReason
  run?: string
}

/**
 * The execution ends: what is live is canceled. After a bad end the interrupted scopes and runs stay in the
 * snapshot as they stood before the failure travelled up, so that a retry can go back there (rule 14).
 */
export function endExecution(draft: Draft, end: End): void {
  const { state } = draft
  draft.signals.length = 0
  for (const id of Object.keys(state.runs)) cancelRun(draft, id)
  if (end.status === 'completed') forgetLive(draft)
  else restoreBefore(draft)
  state.status = end.status
  if (end.reason) state.reason = end.reason
  else delete state.reason
  const { status, reason, run } = end
  draft.commands.push({ type: 'finish', status, ...(reason ? { reason } : {}), ...(run ? { run } : {}) })
}

function forgetLive(draft: Draft): void {
  const root = draft.state.scopes['']
  draft.state.scopes = root ? { '': { ...root, live: 0 } } : {}
  draft.state.runs = {}
}

/** Lays the statuses recorded since over the remembered runs. */
function restoreBefore(draft: Draft): void {
  const { before, state } = draft
  if (!before) return
  const runs = { ...before.runs }
  for (const command of draft.commands.slice(before.commands)) {
    if (command.type !== 'mark') continue
    const run = runs[command.run]
    if (run && run.attempt === command.attempt) runs[command.run] = { ...run, status: command.status }
  }
  state.scopes = before.scopes
  state.runs = runs
  // What was copied since is gone: these may be parts of the state given in.
  draft.owned.clear()
}
