// Edges: which nodes start when a node has settled (rules 1, 2 and 6).
import type { Command } from './command.ts'
import {
  addRun,
  addScope,
  type Draft,
  editBody,
  editRun,
  editScope,
  isBoundItem,
  isBoundRun,
  mark,
  nodeOfRun,
} from './draft.ts'
import { bodyKey, type GraphNode } from './graph.ts'
import { endRest } from './resting.ts'
import { nodeOf, ownerOf, runId, scopeOf } from './run-id.ts'
import type { RunStatus } from './statuses.ts'

export function startScope(draft: Draft, scope: string): void {
  const entries = draft.plan.graph.entries.get(bodyOf(draft, scope)) ?? []
  for (const node of entries) draft.signals.push({ type: 'start-node', scope, node: node.id })
  if (entries.length === 0) endScope(draft, scope)
}

/** The body a scope runs: `par[left]` runs `par/left`, `each[41]` runs `each`. */
function bodyOf(draft: Draft, scope: string): string {
  if (scope === '') return ''
  const node = nodeOfRun(draft, scope)
  if (node.container !== 'parallel') return bodyKey(node.id)
  return bodyKey(node.id, scope.slice(scope.lastIndexOf('[') + 1, -1))
}

export function startNode(draft: Draft, scopeId: string, node: string): void {
  const scope = editScope(draft, scopeId)
  const attempt = scope.base + 1
  scope.live++
  scope.top = Math.max(scope.top, attempt)
  const id = runId(scopeId, node)
  addRun(draft, id, { status: 'queued', attempt, group: attempt })
  dispatch(draft, id)
}

/** Sends the present attempt of a run off; or parks it while the execution is paused. */
export function dispatch(
  draft: Draft,
  id: string,
  { afterMs, manual }: { afterMs?: number; manual?: 'confirmed' } = {},
): void {
  const run = editRun(draft, id)
  if (run.held) delete run.held
  if (run.wait) delete run.wait
  if (draft.state.status === 'paused') {
    run.parked = true
    mark(draft, id, statusBy('queued', manual))
    return
  }
  if (run.parked) delete run.parked
  const { attempt, group, confirmed } = run
  const node = nodeOf(id)
  if (isBoundRun(draft, id)) {
    mark(draft, id, { status: 'running' })
    draft.commands.push({ type: 'bind', run: id, node, attempt })
    return
  }
  mark(draft, id, statusBy(afterMs ? 'retrying' : 'running', manual))
  const command: RunCommand = { type: 'run', run: id, node, attempt, group }
  if (afterMs !== undefined) command.afterMs = afterMs
  if (confirmed) command.confirmed = confirmed
  draft.commands.push(command)
}

type RunCommand = Extract<Command, { type: 'run' }>

const statusBy = (status: RunStatus, manual: 'confirmed' | undefined) =>
  manual ? { status, manual } : { status }

/** At once, or as soon as its node has a place for it. */
export function goOn(draft: Draft, id: string, how: { manual?: 'confirmed' } = {}): void {
  const owner = ownerOf(id)
  if (owner === undefined || !draft.state.runs[id]?.rests) {
    dispatch(draft, id, how)
    return
  }
  mark(draft, id, { status: 'queued', ...how })
  draft.signals.push({ type: 'fill', run: owner })
}

interface Settled {
  id: string
  ports: readonly string[]
}

/** The node has settled in its scope: edges of the taken ports fire, the others die (dead-path elimination). */
export function settleNode(draft: Draft, scopeId: string, node: Settled): void {
  const scope = editScope(draft, scopeId)
  const settled = [node]
  for (let item = settled.pop(); item; item = settled.pop()) {
    scope.marks[item.id] = item.ports.length === 1 ? (item.ports[0] as string) : item.ports.join('|')
    for (const dead of followEdges(draft, scopeId, item.id)) settled.push({ id: dead, ports: [] })
  }
  if (!isStarting(draft, scopeId) && scope.live === 0) endScope(draft, scopeId)
}

/** Starts the successors that may start; returns those that will never be reached. */
function followEdges(draft: Draft, scopeId: string, nodeId: string): string[] {
  const { nodes } = draft.plan.graph
  const marks = draft.state.scopes[scopeId]?.marks ?? {}
  const dead: string[] = []
  for (const { to } of nodes.get(nodeId)?.outbound ?? []) {
    const target = nodes.get(to)
    if (!target || isBegun(draft, scopeId, target)) continue
    const verdict = readiness(marks, target)
    if (verdict === 'start') draft.signals.push({ type: 'start-node', scope: scopeId, node: to })
    else if (verdict === 'dead') dead.push(to)
  }
  return dead
}

function isBegun(draft: Draft, scope: string, node: GraphNode): boolean {
  if (draft.state.scopes[scope]?.marks[node.id] !== undefined) return true
  if (draft.state.runs[runId(scope, node.id)] !== undefined) return true
  return draft.signals.some(
    (signal) =>
      (signal.type === 'start-node' || signal.type === 'settled') &&
      signal.scope === scope &&
      signal.node === node.id,
  )
}

function isStarting(draft: Draft, scope: string): boolean {
  return draft.signals.some(
    (signal) => (signal.type === 'start-node' || signal.type === 'settled') && signal.scope === scope,
  )
}

/** From the last edge on: branches end about in order, so one that a wide join waits for is found soon. */
function readiness(marks: Record<string, string>, node: GraphNode): 'start' | 'dead' | 'wait' {
  let taken = false
  let open = false
  for (let n = node.inbound.length - 1; n >= 0; n--) {
    const { from, port } = node.inbound[n] as GraphNode['inbound'][number]
    const mark = marks[from]
    if (mark === undefined && node.join !== 'any') return 'wait'
    if (mark === undefined) open = true
    else if (mark !== '' && (mark === port || mark.split('|').includes(port))) taken = true
  }
  if (taken) return 'start'
  return open ? 'wait' : 'dead'
}

export function endScope(draft: Draft, scopeId: string): void {
  if (scopeId === '') {
    draft.signals.push({ type: 'end', status: 'completed' })
    return
  }
  const scope = draft.state.scopes[scopeId]
  draft.signals.push({
    type: 'item-ended',
    run: containerRun(draft, scopeId),
    index: scope?.index ?? 0,
    ok: true,
  })
}

/** The run whose body a scope is: `each[41]` → `each`; a group's scope has the id of its run. */
export function containerRun(draft: Draft, scope: string): string {
  if (nodeOfRun(draft, scope).container === 'group') return scope
  return ownerOf(scope) ?? scope
}

/** A run completed: it leaves the state, its edges fire or its container counts it. */
export function settleRun(draft: Draft, id: string, ports: readonly string[]): void {
  const run = draft.state.runs[id]
  const scope = scopeOf(id)
  forgetRun(draft, id)
  const owner = ownerOf(id)
  if (owner !== undefined && nodeOfRun(draft, id).bind) {
    draft.signals.push({ type: 'item-ended', run: owner, index: run?.index ?? 0, ok: true })
    return
  }
  editScope(draft, scope).live--
  draft.signals.push({ type: 'settled', scope, node: nodeOf(id), ports })
}

/** Takes a run out of the state; attempts it gave out stay used, should its scope be repeated. */
export function forgetRun(draft: Draft, id: string): void {
  const run = draft.state.runs[id]
  if (!run) return
  endRest(draft, id)
  delete draft.state.runs[id]
  const top = Math.max(run.attempt, run.body?.floor ?? 0)
  const scope = scopeOf(id)
  const before = draft.state.scopes[scope]
  if (before && before.top < top) editScope(draft, scope).top = top
  const owner = isBoundItem(draft, id) ? ownerOf(id) : undefined
  if (owner !== undefined && draft.state.runs[owner]?.body) {
    const body = editBody(draft, owner)
    body.floor = Math.max(body.floor, top)
  }
}

/** Takes a scope out of the state; its container remembers the attempts used in it. */
export function forgetScope(draft: Draft, id: string): void {
  const scope = draft.state.scopes[id]
  delete draft.state.scopes[id]
  const run = containerRun(draft, id)
  if (!scope || !draft.state.runs[run]?.body) return
  const body = editBody(draft, run)
  body.floor = Math.max(body.floor, scope.top)
}

export function openScope(draft: Draft, id: string, item: { base: number; index: number }): void {
  const { base, index } = item
  addScope(draft, id, { marks: {}, live: 0, base, top: base, ...(index > 0 ? { index } : {}) })
  draft.signals.push({ type: 'start-scope', scope: id })
}
