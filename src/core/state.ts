// The snapshot of an execution: live state only, never outputs. Plain JSON.
import type { IndexSet } from './index-set.ts'
import type { CancelReason, ExecutionStatus, FailureKind, RunStatus, WaitKind } from './statuses.ts'

export interface State {
  status: ExecutionStatus
  reason?: CancelReason
  /** By scope id; `''` is the root. Only scopes under way; after a failed end those the end interrupted. */
  scopes: Record<string, Scope>
  /** By run id: runs under way and failed ones that wait for an operator. */
  runs: Record<string, Run>
}

export interface Scope {
  /** Settled nodes: the ports taken, joined by `|`; `''` = not reached. */
  marks: Record<string, string>
  /** Runs of this scope that have not settled. */
  live: number
  /** Runs of this scope begin at attempt `base + 1`: greater than 0 when the item is repeated. */
  base: number
  /** The greatest attempt given out in this scope. */
  top: number
  /** Which item of its container this is. */
  index?: number
}

export interface Run {
  status: RunStatus
  attempt: number
  /** First attempt of this round; retries by policy stay in it, an operator's retry begins a new one. */
  group: number
  /** What a waiting run waits for. */
  wait?: WaitKind
  /** Failed, and waits for an operator. */
  held?: true
  /** A person has taken the risk, for all attempts of this round. */
  confirmed?: true
  /** A record a person is asked about, or has confirmed and that waits for a place of its node's concurrency. */
  rests?: true
  /** Would start, but the execution is paused. */
  parked?: true
  /** Which record of a bound node this is. */
  index?: number
  /** Of containers and bound nodes, once they know their items. */
  body?: Body
}

export interface Body {
  /** Number of items; null for a loop that asks before each one. */
  total: number | null
  /** First item not started yet. */
  next: number
  live: number
  /** How many of those rest: they take no place of the concurrency. */
  resting?: number
  ok: number
  /** Items that failed, or were canceled when the container failed: what a retry repeats. */
  bad: IndexSet
  /** Items to start before `next`: what a retry asked for. */
  again: IndexSet
  /** Fresh items begin at attempt `base + 1`, repeated ones above `floor`: the greatest attempt used so far. */
  base: number
  floor: number
  /** Kind of the first failure. */
  kind?: FailureKind
  /** A stop rule was met: no further item starts. */
  stopped?: true
  /** A `while` loop waits for the answer whether to go on. */
  deciding?: true
}

export function initialState(): State {
  return { status: 'queued', scopes: {}, runs: {} }
}

/** What rests waits for what holds its place, or for its person. */
const isUnderWay = ({ status, rests }: Run): boolean =>
  status === 'running' || (status === 'queued' && !rests)

/** The two flags of a running execution. */
export function flagsOf(state: State): { waiting: boolean; attention: boolean } {
  let attention = false
  let executing = false
  for (const run of Object.values(state.runs)) {
    if (run.held || run.status === 'risky') attention = true
    else if (!run.body && isUnderWay(run)) executing = true
    else if (run.body?.deciding) executing = true
  }
  const live = state.status === 'running' || state.status === 'paused'
  return { waiting: live && !executing, attention: live && attention }
}
