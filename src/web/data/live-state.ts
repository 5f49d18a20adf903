// What is known of one execution while it is followed. Pure.
import { replaceEqualDeep } from '@tanstack/react-query'
import type { ExecutionDetail, ExecutionHead } from '../../api/contract/executions.ts'
import type { ExecutionChange } from '../../api/contract/live.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'

export interface LiveExecution {
  execution: ExecutionDetail
  /** Attempts by run id, the oldest first. */
  runs: ReadonlyMap<string, readonly NodeRun[]>
}

export function firstState(execution: ExecutionDetail, runs: readonly NodeRun[]): LiveExecution {
  return { execution, runs: mergeRuns(new Map(), runs) }
}

/** Changes in the order they came; an older one does nothing. */
export function mergeChanges(state: LiveExecution, changes: readonly ExecutionChange[]): LiveExecution {
  let { execution } = state
  for (const change of changes) execution = mergeHead(execution, change.execution)
  // What is equal stays the same object: most changes tell of runs only.
  execution = replaceEqualDeep(state.execution, execution)
  const runs = changes.flatMap((change) => change.runs)
  return { execution, runs: runs.length === 0 ? state.runs : mergeRuns(state.runs, runs) }
}

function mergeHead(detail: ExecutionDetail, head: ExecutionHead): ExecutionDetail {
  if (head.seq < detail.seq) return detail
  const { inputs, document } = detail
  return { ...head, ...(inputs === undefined ? {} : { inputs }), document }
}

function mergeRuns(
  known: ReadonlyMap<string, readonly NodeRun[]>,
  changed: readonly NodeRun[],
): ReadonlyMap<string, readonly NodeRun[]> {
  const merged = new Map(known)
  for (const run of changed) {
    const others = (merged.get(run.id) ?? []).filter((other) => other.attempt !== run.attempt)
    const attempts = [...others, run].sort((a, b) => a.attempt - b.attempt)
    merged.set(run.id, attempts.map(onlyLastActs))
  }
  return merged
}

/** Nothing can be done to an attempt once there is a later one; it is not told again for that. */
const onlyLastActs = (run: NodeRun, index: number, attempts: readonly NodeRun[]): NodeRun =>
  run.acts.length > 0 && index < attempts.length - 1 ? { ...run, acts: [] } : run

/** The newest attempt of every run. */
export function lastRuns(state: LiveExecution): NodeRun[] {
  return [...state.runs.values()].flatMap((attempts) => attempts.at(-1) ?? [])
}
