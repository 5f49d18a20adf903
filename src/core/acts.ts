// What operators do to an execution (`engine.md` §6). Anything not legal now changes nothing.
import { cancelInside, itemIndex, openBody, repeatItems } from './containers.ts'
import type { Bind } from './document.ts'
import { type Draft, editBody, editRun, isBoundItem, isBoundRun, mark, nodeOfRun } from './draft.ts'
import type { ActEvent } from './event.ts'
import { hasFailed, nextAttempt } from './failing.ts'
import { addIndex, emptySet, hasIndex, type IndexSet, removeIndex } from './index-set.ts'
import { dispatch, endScope, goOn, settleRun } from './routing.ts'
import { isInside, itemId, keyOf, nodeOf, ownerOf } from './run-id.ts'
import type { Run, State } from './state.ts'
import { isEnded, isFailure, type ManualAct } from './statuses.ts'

/** Returns whether the act was legal. */
export function applyAct(draft: Draft, event: ActEvent): boolean {
  switch (event.type) {
    case 'paused':
      return pause(draft)
    case 'resumed':
      return resume(draft)
    case 'retried':
      return retry(draft, event)
    case 'rebound':
      return rebind(draft, event)
    default:
      if (isEnded(draft.state.status)) return false
      return actOnRun(draft, event)
  }
}

type RunAct = Extract<ActEvent, { type: 'skipped' | 'completed' | 'chosen' | 'confirmed' }>

function actOnRun(draft: Draft, event: RunAct): boolean {
  const failedItem = findFailedItem(draft, event.run)
  if (failedItem && (event.type === 'skipped' || event.type === 'completed')) {
    return settleFailedItem(draft, failedItem, event.type)
  }
  const run = draft.state.runs[event.run]
  if (!run || (event.attempt !== undefined && event.attempt !== run.attempt)) return false
  switch (event.type) {
    case 'skipped':
      return skip(draft, event.run)
    case 'completed':
      return completeByHand(draft, event.run, { manual: 'completed', port: event.port ?? 'out' })
    case 'chosen':
      if (run.status !== 'waiting' || run.wait !== 'person') return false
      return completeByHand(draft, event.run, { manual: 'chosen', port: event.port })
    case 'confirmed':
      if (run.status !== 'risky') return false
      mark(draft, event.run, { status: 'risky', manual: 'confirmed' })
      nextAttempt(draft, event.run, 'new-round')
      editRun(draft, event.run).confirmed = true
      goOn(draft, event.run, { manual: 'confirmed' })
      return true
  }
}

function pause(draft: Draft): boolean {
  if (draft.state.status !== 'running') return false
  draft.state.status = 'paused'
  draft.commands.push({ type: 'hold' })
  return true
}

function resume(draft: Draft): boolean {
  if (draft.state.status !== 'paused') return false
  draft.state.status = 'running'
  draft.commands.push({ type: 'release' })
  for (const [id, run] of Object.entries(draft.state.runs)) {
    if (!run.parked) continue
    delete editRun(draft, id).parked
    if (run.body) draft.signals.push({ type: 'fill', run: id })
    else dispatch(draft, id)
  }
  return true
}

function skip(draft: Draft, id: string): boolean {
  const run = draft.state.runs[id]
  if (run?.held || run?.status === 'risky') {
    return finishByHand(draft, id, { status: 'skipped', manual: 'skipped', port: 'out' })
  }
  const isTimeWait = run?.status === 'waiting' && run.wait === 'time'
  if (!isTimeWait || !nodeOfRun(draft, id).policy.allowSkip) return false
  return finishByHand(draft, id, { status: 'completed', manual: 'cut-short', port: 'out' })
}

function completeByHand(draft: Draft, id: string, how: { manual: ManualAct; port: string }): boolean {
  const run = draft.state.runs[id]
  if (!run?.held && run?.status !== 'waiting') return false
  return finishByHand(draft, id, { status: 'completed', ...how })
}

function finishByHand(
  draft: Draft,
  id: string,
  how: { status: 'skipped' | 'completed'; manual: ManualAct; port: string },
): boolean {
  const { attempt, held } = editRun(draft, id)
  mark(draft, id, { status: how.status, manual: how.manual })
  if (!held) draft.commands.push({ type: 'stop', run: id, attempt })
  settleRun(draft, id, [how.port])
  return true
}

interface FailedItem {
  owner: string
  index: number
}

/** `restart[host-3]` when record host-3 of the bound run `restart` has failed. */
function findFailedItem(draft: Draft, id: string): FailedItem | undefined {
  const owner = ownerOf(id)
  if (owner === undefined || draft.state.runs[id] || !isBoundItem(draft, id)) return undefined
  const body = draft.state.runs[owner]?.body
  const index = itemIndex(draft, owner, keyOf(id) as string)
  return body && index >= 0 && hasIndex(body.bad, index) ? { owner, index } : undefined
}

/** Skipping or completing one failed record: the bound node counts it as done. */
function settleFailedItem(draft: Draft, item: FailedItem, act: 'skipped' | 'completed'): boolean {
  const owner = editRun(draft, item.owner)
  const body = editBody(draft, item.owner)
  const attempt = body.floor + 1
  const run = itemId(item.owner, keyOfItem(draft, item))
  body.floor = attempt
  body.bad = removeIndex(body.bad, item.index)
  body.ok++
  draft.commands.push({ type: 'mark', run, node: nodeOf(run), attempt, status: act, manual: act })
  const nothingLeft = typeof body.bad !== 'string' && body.bad.length === 0
  if (owner.held && nothingLeft) {
    reviveRun(draft, item.owner)
    draft.signals.push({ type: 'fill', run: item.owner })
  }
  return true
}

function keyOfItem(draft: Draft, item: FailedItem): string {
  const keys = draft.plan.bindings.get(item.owner) ?? draft.plan.bindings.get(nodeOf(item.owner))
  return keys?.[item.index] ?? String(item.index)
}

function reviveRun(draft: Draft, id: string): void {
  const run = editRun(draft, id)
  delete run.held
  mark(draft, id, { status: 'running' })
}

function retry(draft: Draft, event: Extract<ActEvent, { type: 'retried' }>): boolean {
  const item = findFailedItem(draft, event.run)
  const id = item ? item.owner : event.run
  const run = draft.state.runs[id]
  if (!run) return false
  if (item && !hasFailed(draft, id)) return retryLiveItem(draft, item)
  const stale = !item && event.attempt !== undefined && event.attempt !== run.attempt
  if (!hasFailed(draft, id) || stale) return false
  const keys = item ? [keyOf(event.run) as string] : event.items
  const only = keys && run.body ? indicesOf(draft, id, keys) : undefined
  if (only?.length === 0) return false
  if (isEnded(draft.state.status)) reopen(draft, id)
  else if (!run.held) return false
  reviveAbove(draft, id)
  nextAttempt(draft, id, 'new-round')
  retryRun(draft, id, only)
  return true
}

function retryRun(draft: Draft, id: string, only: IndexSet | undefined): void {
  if (!draft.state.runs[id]?.body) {
    dispatch(draft, id)
    return
  }
  cancelInside(draft, id)
  reviveRun(draft, id)
  repeatItems(draft, id, only)
}

/** A failed record of a bound node that still works on the others. */
function retryLiveItem(draft: Draft, item: FailedItem): boolean {
  if (isEnded(draft.state.status)) return false
  const body = editBody(draft, item.owner)
  body.bad = removeIndex(body.bad, item.index)
  body.again = addIndex(body.again, item.index)
  draft.signals.push({ type: 'fill', run: item.owner })
  return true
}

/** A record asked for by name is repeated although it did not fail; other items only when they did. */
function indicesOf(draft: Draft, id: string, keys: readonly string[]): number[] {
  const { bad, next, again } = editBody(draft, id)
  const hasEnded = (index: number) => index >= 0 && index < next && !hasIndex(again, index)
  const mayRepeat = isBoundRun(draft, id) ? hasEnded : (index: number) => hasIndex(bad, index)
  const indices = keys.map((key) => itemIndex(draft, id, key)).filter(mayRepeat)
  return [...new Set(indices)].sort((a, b) => a - b)
}

/** An ended execution goes on: its end is undone, and what the end had canceled is dispatched anew. */
function reopen(draft: Draft, retried: string): void {
  draft.state.status = 'running'
  delete draft.state.reason
  draft.commands.push({ type: 'reopen' })
  for (const [id, run] of Object.entries(draft.state.runs)) {
    if (id === retried || isInside(id, retried)) continue
    if (run.status === 'canceled') redispatch(draft, id)
    else if (isFailure(run.status)) editRun(draft, id).held = true
  }
  // What an end node was the last of: nothing in there is left to go on.
  for (const [id, { live }] of Object.entries(draft.state.scopes)) {
    if (live === 0 && id !== retried && !isInside(id, retried)) endScope(draft, id)
  }
}

/** The containers a retried run lies in take up their work again. */
function reviveAbove(draft: Draft, id: string): void {
  for (const [other, run] of Object.entries(draft.state.runs)) {
    if (isInside(id, other) && isFailure(run.status)) reviveRun(draft, other)
  }
}

function redispatch(draft: Draft, id: string): void {
  const run = editRun(draft, id)
  if (run.body) {
    mark(draft, id, { status: 'running' })
    delete run.body.deciding
    draft.signals.push({ type: 'fill', run: id })
    return
  }
  nextAttempt(draft, id, 'new-round')
  goOn(draft, id)
}

function rebind(draft: Draft, event: Extract<ActEvent, { type: 'rebound' }>): boolean {
  const run = draft.state.runs[event.run]
  // What has not started reads its records when it does: nothing changes here.
  if (!run || isParked(run)) return mayRebindAhead(draft.plan.graph, draft.state, event.run)
  if (!isBoundRun(draft, event.run) || !hasFailed(draft, event.run)) return false
  if (event.attempt !== undefined && event.attempt !== run.attempt) return false
  if (isEnded(draft.state.status)) reopen(draft, event.run)
  else if (!run.held) return false
  const floor = run.body?.floor ?? 0
  reviveAbove(draft, event.run)
  nextAttempt(draft, event.run, 'new-round')
  reviveRun(draft, event.run)
  openBody(draft, event.run, event.count)
  const body = editBody(draft, event.run)
  body.floor = Math.max(body.floor, floor)
  body.again = emptySet
  startAfter(draft, event.run, floor)
  return true
}

/** All that matters of a graph here, so that documents will do. */
interface RebindGraph {
  nodes: ReadonlyMap<string, { bind?: Bind | undefined; parent?: string | undefined }>
}

/**
 * Whether the records of a node may still be changed before it runs: they were fixed at the start, and neither the
 * node nor a container around it has begun.
 */
export function mayRebindAhead({ nodes }: RebindGraph, state: State, id: string): boolean {
  const bound = nodes.get(id)
  if (!bound?.bind || (bound.bind.mode ?? 'start') !== 'start' || isEnded(state.status)) return false
  const outermost = outermostOf(nodes, id)
  const run = state.runs[outermost]
  if (run) return outermost === id && isParked(run)
  return state.scopes['']?.marks[outermost] === undefined
}

/** It would have started, but the execution is paused. */
const isParked = (run: Run): boolean => run.parked === true && run.body === undefined

function outermostOf(nodes: RebindGraph['nodes'], id: string): string {
  const seen = new Set([id])
  for (let at = id; ; ) {
    const parent = nodes.get(at)?.parent
    // Drafts may be broken: a container may contain itself.
    if (parent === undefined || seen.has(parent)) return at
    seen.add(parent)
    at = parent
  }
}

/** Records of a new binding may have run before: their attempts go on above the old ones. */
function startAfter(draft: Draft, id: string, floor: number): void {
  const body = editBody(draft, id)
  if (floor === 0 || body.total === null) return
  for (let index = 0; index < body.total; index++) body.again = addIndex(body.again, index)
  body.next = body.total
}
