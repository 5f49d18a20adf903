// What the banner is about: the failures that hold an execution, or that ended it. Pure.
import type { ExecutionSummary } from '../../../api/contract/executions.ts'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { failures } from './selection.ts'

type Head = Pick<ExecutionSummary, 'status' | 'attention'>
type Run = Pick<NodeRun, 'id' | 'status' | 'acts' | 'endedAt'>

/** The last one first. What a branch or a container dealt with is no trouble. */
export function troublesOf<R extends Run>({ status, attention }: Head, last: readonly R[]): R[] {
  const endedBadly = status === 'failed' || status === 'error' || status === 'rejected'
  if (!attention && !endedBadly) return []
  const failed = failures(last)
  const held = failed.filter((run) => run.acts.includes('retry'))
  return held.length > 0 ? held : failed
}
