// Bodies: loops, parallel branches, groups and bound records, all counted alike (rules 3, 4, 11).
import type { Mark } from './command.ts'
import { addRun, type Draft, editBody, editRun, isBoundRun, mark, nodeOfRun } from './draft.ts'
import { concurrencyOfRun, type GraphNode } from './graph.ts'
import {
  addIndex,
  countIndices,
  emptySet,
  hasIndex,
  type IndexSet,
  listIndices,
  removeIndex,
} from './index-set.ts'
import { endRest, hasPlace, hasRoom } from './resting.ts'
import { dispatch, forgetRun, forgetScope, openScope, settleRun } from './routing.ts'
import { isInside, itemId, nodeOf, ownerOf, scopeOf } from './run-id.ts'
import { takeSignals } from './signals.ts'
import type { Body } from './state.ts'
import { type FailureKind, isFailure } from './statuses.ts'

/** The run has learnt its items: `total` of them, or null for a loop that asks each time. */
export function openBody(draft: Draft, id: string, total: number | null): void {
  const run = editRun(draft, id)
  const { timeoutMs } = nodeOfRun(draft, id).policy
  const base = run.attempt - 1
  run.body = { total, next: 0, live: 0, ok: 0, bad: emptySet, again: emptySet, base, floor: base }
  if (timeoutMs !== undefined && !isBoundRun(draft, id)) {
    draft.commands.push({
      type: 'timer',
      run: id,
      node: nodeOf(id),
      attempt: run.attempt,
      afterMs: timeoutMs,
    })
  }
  draft.signals.push({ type: 'fill', run: id })
}

/** Starts as many items as may run at once; ends the body when nothing is left. */
export function fillBody(draft: Draft, id: string): void {
  const run = draft.state.runs[id]
  if (!run?.body || run.held) return
  if (draft.state.status === 'paused') {
    editRun(draft, id).parked = true
    return
  }
  const node = nodeOfRun(draft, id)
  const body = editBody(draft, id)
  const limit = concurrencyOfRun(node, isBoundRun(draft, id))
  startResting(draft, id, limit)
  for (const index of listIndices(body.again)) {
    if (!hasRoom(body, limit)) return
    body.again = removeIndex(body.again, index)
    startItem(draft, id, { index, base: body.floor })
  }
  if (body.total === null) {
    if (body.live === 0 && !body.deciding) askForNext(draft, id)
    return
  }
  while (!body.stopped && hasRoom(body, limit) && body.next < body.total) {
    startItem(draft, id, { index: body.next++, base: body.base })
  }
  if (body.live === 0) concludeBody(draft, id)
}

/** What was confirmed has been waiting for its place. */
function startResting(draft: Draft, id: string, limit: number): void {
  const body = editBody(draft, id)
  if (!body.resting) return
  for (const [item, { rests, status }] of Object.entries(draft.state.runs)) {
    if (!hasPlace(body, limit)) return
    if (!rests || status !== 'queued' || ownerOf(item) !== id) continue
    endRest(draft, item)
    dispatch(draft, item)
  }
}

function askForNext(draft: Draft, id: string): void {
  const run = editRun(draft, id)
  const body = editBody(draft, id)
  body.deciding = true
  draft.commands.push({ type: 'decide', run: id, node: nodeOf(id), attempt: run.attempt, index: body.next })
}

/** The answer of a `while` loop. */
export function decideNext(draft: Draft, id: string, more: boolean): void {
  const body = editBody(draft, id)
  delete body.deciding
  if (!more) {
    concludeBody(draft, id)
    return
  }
  startItem(draft, id, { index: body.next++, base: body.base })
}

function startItem(draft: Draft, id: string, item: { index: number; base: number }): void {
  const { index, base } = item
  editBody(draft, id).live++
  const node = nodeOfRun(draft, id)
  if (isBoundRun(draft, id)) {
    const attempt = base + 1
    const itemRun = itemId(id, itemKey(draft, id, index))
    addRun(draft, itemRun, { status: 'queued', attempt, group: attempt, index })
    dispatch(draft, itemRun)
    return
  }
  const scope = node.container === 'group' ? id : itemId(id, itemKey(draft, id, index))
  openScope(draft, scope, item)
}

/** The key of an item in run ids: record id, branch name or number of the iteration. */
export function itemKey(draft: Draft, id: string, index: number): string {
  const node = nodeOfRun(draft, id)
  if (isBoundRun(draft, id)) return bindingOf(draft, id)[index] ?? String(index)
  return node.container === 'parallel' ? (node.branches[index] ?? String(index)) : String(index)
}

function bindingOf(draft: Draft, id: string): readonly string[] {
  const { bindings } = draft.plan
  return bindings.get(id) ?? bindings.get(nodeOf(id)) ?? []
}

/** The index of an item by its key; -1 when there is none. */
export function itemIndex(draft: Draft, id: string, key: string): number {
  const node = nodeOfRun(draft, id)
  if (isBoundRun(draft, id)) return bindingOf(draft, id).indexOf(key)
  return node.container === 'parallel' ? node.branches.indexOf(key) : Number(key)
}

export interface ItemEnd {
  index: number
  ok: boolean
  kind?: FailureKind
}

export function endItem(draft: Draft, id: string, item: ItemEnd): void {
  forgetItem(draft, id, item)
  switch (isBoundRun(draft, id) ? 'bound' : nodeOfRun(draft, id).container) {
    case 'parallel':
      return afterBranch(draft, id, item)
    case 'loop':
      return afterIteration(draft, id, item)
    case 'group':
      return item.ok ? completeBody(draft, id) : failBody(draft, id)
    default:
      return afterRecord(draft, id)
  }
}

function forgetItem(draft: Draft, id: string, item: ItemEnd): void {
  const isGroup = nodeOfRun(draft, id).container === 'group'
  if (!isBoundRun(draft, id)) forgetScope(draft, isGroup ? id : itemId(id, itemKey(draft, id, item.index)))
  countItem(draft, id, item)
}

export function countItem(draft: Draft, id: string, item: ItemEnd): void {
  const body = editBody(draft, id)
  body.live--
  if (item.ok) body.ok++
  else {
    body.bad = addIndex(body.bad, item.index)
    body.kind ??= item.kind ?? 'failed'
  }
}

function afterRecord(draft: Draft, id: string): void {
  const body = editBody(draft, id)
  const rule = nodeOfRun(draft, id).bind?.stopAfter
  const failed = countIndices(body.bad)
  const share = body.total ? (failed / body.total) * 100 : 0
  if (failed >= (rule?.failed ?? Number.POSITIVE_INFINITY)) body.stopped = true
  if (failed > 0 && share >= (rule?.percent ?? Number.POSITIVE_INFINITY)) body.stopped = true
  draft.signals.push({ type: 'fill', run: id })
}

function afterIteration(draft: Draft, id: string, item: ItemEnd): void {
  const { onItemFailure } = nodeOfRun(draft, id)
  if (item.ok || onItemFailure === 'continue') draft.signals.push({ type: 'fill', run: id })
  else if (onItemFailure === 'break') completeBody(draft, id)
  else failBody(draft, id)
}

function afterBranch(draft: Draft, id: string, item: ItemEnd): void {
  const { mode } = nodeOfRun(draft, id)
  if (mode === 'race') item.ok ? completeBody(draft, id) : failBody(draft, id)
  else if (mode === 'any' && item.ok) completeBody(draft, id)
  else if (mode === 'all' && !item.ok) failBody(draft, id)
  else draft.signals.push({ type: 'fill', run: id })
}

/** Every item has ended, or a stop rule left the rest unstarted. */
function concludeBody(draft: Draft, id: string): void {
  const node = nodeOfRun(draft, id)
  const { bad } = editBody(draft, id)
  const failed = countIndices(bad)
  if (failed > 0 && isBoundRun(draft, id)) failBody(draft, id, true)
  else if (failed > 0 && node.container === 'parallel' && node.mode === 'any') failBody(draft, id)
  else completeBody(draft, id)
}

function completeBody(draft: Draft, id: string): void {
  cancelInside(draft, id)
  mark(draft, id, {
    status: 'completed',
    summary: summaryOf(editBody(draft, id), nodeOfRun(draft, id), 'completed'),
  })
  settleRun(draft, id, ['out'])
}

/** `final`: the policy was already applied item by item (bound nodes). */
function failBody(draft: Draft, id: string, final = false): void {
  cancelInside(draft, id)
  draft.signals.push({ type: 'failed', run: id, kind: editBody(draft, id).kind ?? 'failed', final })
}

export function summaryOf(
  body: Body,
  node: GraphNode,
  end: 'completed' | 'failed',
): NonNullable<Mark['summary']> {
  const failed = countIndices(body.bad)
  const total = body.total ?? body.next
  const rest = Math.max(0, total - body.ok - failed)
  const left = end === 'failed' || node.container === 'parallel' || node.container === 'loop' ? rest : 0
  return { total, completed: body.ok, failed, canceled: left }
}

/**
 * Cancels everything below a run, the deepest first, so that each level passes the attempts it used on to the
 * one above; the items interrupted count among those a retry repeats.
 */
export function cancelInside(draft: Draft, id: string): void {
  for (const item of takeSignals(draft, id)) if (draft.state.runs[id]?.body) forgetItem(draft, id, item)
  const runs = Object.keys(draft.state.runs).filter((run) => isInside(run, id))
  const scopes = Object.keys(draft.state.scopes).filter((scope) => isScopeInside(draft, scope, id))
  const inside = [
    ...scopes.map((scope) => ({ id: scope, drop: dropScope })),
    ...runs.map((run) => ({ id: run, drop: dropRun })),
  ]
  inside.sort((one, other) => other.id.length - one.id.length)
  for (const item of inside) item.drop(draft, id, item.id)
  const body = draft.state.runs[id]?.body
  if (body && body.live > 0) editBody(draft, id).live = 0
}

/** A group's scope has the id of its run. */
function isScopeInside(draft: Draft, scope: string, run: string): boolean {
  return isInside(scope, run) || (scope === run && nodeOfRun(draft, run).container === 'group')
}

function dropRun(draft: Draft, below: string, run: string): void {
  cancelRun(draft, run)
  if (ownerOf(run) === below) interruptItem(draft, below, draft.state.runs[run]?.index)
  forgetRun(draft, run)
}

function dropScope(draft: Draft, below: string, scope: string): void {
  if (scope === below || scopeOf(scope) === scopeOf(below)) {
    interruptItem(draft, below, draft.state.scopes[scope]?.index)
  }
  forgetScope(draft, scope)
}

function interruptItem(draft: Draft, id: string, index = 0): void {
  if (!draft.state.runs[id]?.body) return
  const body = editBody(draft, id)
  if (!hasIndex(body.bad, index)) body.again = addIndex(body.again, index)
}

/** Marks a live run canceled and stops what it has going outside. */
export function cancelRun(draft: Draft, id: string): void {
  const run = draft.state.runs[id]
  if (!run || run.status === 'canceled' || isFailure(run.status)) return
  const wasOut = !run.parked && !run.body
  mark(draft, id, { status: 'canceled' })
  if (wasOut || run.body) draft.commands.push({ type: 'stop', run: id, attempt: run.attempt })
}

/**
 * The items a retry repeats: those that failed, or those asked for (records may have completed), and those the
 * failure interrupted.
 */
export function repeatItems(draft: Draft, id: string, only?: IndexSet): void {
  const body = editBody(draft, id)
  const chosen = only ?? body.bad
  for (const index of listIndices(chosen)) {
    if (hasIndex(body.bad, index)) body.bad = removeIndex(body.bad, index)
    else body.ok--
    body.again = addIndex(body.again, index)
  }
  delete body.stopped
  delete body.kind
  delete body.deciding
  draft.signals.push({ type: 'fill', run: id })
}
