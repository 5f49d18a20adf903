// The working copy of one `advance`: copy on write, so the state given in is never touched.
// Consequences travel as signals in a queue, not as calls: no recursion, any depth of graph.
import type { Command, Mark } from './command.ts'
import type { Graph, GraphNode } from './graph.ts'
import { nodeOf, ownerOf } from './run-id.ts'
import type { Body, Run, Scope, State } from './state.ts'
import type { CancelReason, ExecutionStatus, FailureKind } from './statuses.ts'

/** What stays the same while an execution runs: the graph, and the records its bound nodes work on. */
export interface Plan {
  graph: Graph
  /** Record ids by run id, else by node id. Filled before `bound` is sent. */
  bindings: ReadonlyMap<string, readonly string[]>
  /** Given by who advances a state many times and keeps none of those in between. */
  own?: Own
}

export type Signal =
  | { type: 'start-scope'; scope: string }
  | { type: 'start-node'; scope: string; node: string }
  | { type: 'settled'; scope: string; node: string; ports: readonly string[] }
  | { type: 'fill'; run: string }
  | { type: 'item-ended'; run: string; index: number; ok: boolean; kind?: FailureKind }
  | { type: 'failed'; run: string; kind: FailureKind; final: boolean }
  | { type: 'scope-failed'; scope: string; kind: FailureKind }
  | { type: 'end'; status: ExecutionStatus; reason?: CancelReason; run?: string }

export interface Draft {
  readonly plan: Plan
  readonly state: State
  readonly commands: Command[]
  readonly signals: Signal[]
  /** Runs, scopes and bodies already copied by this draft. */
  readonly owned: Set<Run | Scope>
  /** The state before a failure began to travel up: what a retry after the end goes back to. */
  before?: { scopes: State['scopes']; runs: State['runs']; commands: number }
}

/**
 * What somebody who advances one state many times has copied already. The states in between are nobody else's, so
 * they need not be kept: copying a thousand runs for each of a thousand events took most of the time of a wide fork.
 */
export interface Own {
  /** Which made the present state. */
  last?: Draft
}

export function openDraft(plan: Plan, state: State): Draft {
  const last = plan.own?.last
  if (last && last.state.runs === state.runs && last.state.scopes === state.scopes) {
    return { plan, state: { ...state }, commands: [], signals: last.signals, owned: last.owned }
  }
  return {
    plan,
    state: { ...state, scopes: { ...state.scopes }, runs: { ...state.runs } },
    commands: [],
    signals: [],
    owned: new Set(),
  }
}

/** The draft has become the state: its copies may be written to by the next one. */
export function keepOwn(draft: Draft): void {
  const { own } = draft.plan
  if (own) own.last = draft
}

/** Keeps the present state aside; later edits copy again. */
export function rememberBefore(draft: Draft): void {
  if (draft.before) return
  const { scopes, runs } = draft.state
  draft.before = { scopes: { ...scopes }, runs: { ...runs }, commands: draft.commands.length }
  draft.owned.clear()
}

export function nodeOfRun(draft: Draft, run: string): GraphNode {
  const node = draft.plan.graph.nodes.get(nodeOf(run))
  if (!node) throw new Error(`no node for run ${run}`)
  return node
}

export function addRun(draft: Draft, id: string, run: Run): Run {
  draft.owned.add(run)
  draft.state.runs[id] = run
  return run
}

export function editRun(draft: Draft, id: string): Run {
  const run = draft.state.runs[id]
  if (!run) throw new Error(`no run ${id}`)
  if (draft.owned.has(run)) return run
  return addRun(draft, id, run.body ? { ...run, body: { ...run.body } } : { ...run })
}

export function editBody(draft: Draft, id: string): Body {
  const { body } = editRun(draft, id)
  if (!body) throw new Error(`run ${id} has no items`)
  return body
}

export function addScope(draft: Draft, id: string, scope: Scope): void {
  draft.owned.add(scope)
  draft.state.scopes[id] = scope
}

export function editScope(draft: Draft, id: string): Scope {
  const scope = draft.state.scopes[id]
  if (!scope) throw new Error(`no scope ${id}`)
  if (!draft.owned.has(scope)) addScope(draft, id, { ...scope, marks: { ...scope.marks } })
  return draft.state.scopes[id] as Scope
}

type Change = Pick<Mark, 'status' | 'manual' | 'summary' | 'tolerated'>

/** Records a status of the run's present attempt. */
export function mark(draft: Draft, id: string, change: Change): void {
  const run = editRun(draft, id)
  const { status, manual, summary, tolerated } = change
  run.status = status
  const command: Mark = { type: 'mark', run: id, node: nodeOf(id), attempt: run.attempt, status }
  if (manual) command.manual = manual
  if (summary) command.summary = summary
  if (tolerated) command.tolerated = tolerated
  draft.commands.push(command)
}

/** Whether the id is one record's run of a bound node, not the run of the node itself. */
export function isBoundItem(draft: Draft, id: string): boolean {
  return ownerOf(id) !== undefined && nodeOfRun(draft, id).bind !== undefined
}

/** Whether the run's items are records: the run of a bound node as a whole. */
export function isBoundRun(draft: Draft, id: string): boolean {
  return ownerOf(id) === undefined && nodeOfRun(draft, id).bind !== undefined
}
