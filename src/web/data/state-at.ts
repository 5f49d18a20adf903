// What was known of an execution at an earlier moment, from the times of its attempts and of what people did. Pure.
import type { ActEntry } from '../../api/contract/executions.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { ExecutionStatus } from '../../core/statuses.ts'
import type { LiveExecution } from './live-state.ts'

/** `moment` in ms since 1970. Nothing can be done to the past: no acts are legal in it. */
export function stateAt(live: LiveExecution, acts: readonly ActEntry[], moment: number): LiveExecution {
  const runs = new Map<string, readonly NodeRun[]>()
  for (const [id, attempts] of live.runs) {
    const begun = attempts.flatMap((attempt) => attemptAt(attempt, moment) ?? [])
    if (begun.length > 0) runs.set(id, begun)
  }
  return { execution: executionAt(live.execution, acts, moment), runs }
}

const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text)

const kept = new WeakMap<NodeRun, NodeRun>()

function attemptAt(attempt: NodeRun, moment: number): NodeRun | undefined {
  const ended = timeOf(attempt.endedAt)
  const began = timeOf(attempt.startedAt) ?? ended
  if (began === undefined || began > moment) return undefined
  return ended !== undefined && ended <= moment ? settled(attempt) : underWay(attempt)
}

/** The same object every time, so that what does not change is not drawn again. */
function settled(attempt: NodeRun): NodeRun {
  if (attempt.acts.length === 0) return attempt
  const known = kept.get(attempt) ?? { ...attempt, acts: [] }
  kept.set(attempt, known)
  return known
}

/** What is known of a run under way: not how it will end. */
function underWay({ output, error, endedAt, manual, ...run }: NodeRun): NodeRun {
  const wait = run.wait ?? (run.waited ? { for: run.waited } : undefined)
  const held = manual !== undefined && (manual.act === 'skipped' || manual.act === 'completed')
  if (run.risks) return { ...run, status: 'risky', acts: [] }
  // A person ended it: before that it waited, or it had failed and was held.
  const status = wait ? 'waiting' : held ? 'failed' : 'running'
  return { ...run, status, ...(wait ? { wait } : {}), acts: [] }
}

function executionAt(
  execution: LiveExecution['execution'],
  acts: readonly ActEntry[],
  moment: number,
): LiveExecution['execution'] {
  const still = { ...execution, acts: [], rebindable: [] }
  const ended = timeOf(execution.endedAt)
  if (ended !== undefined && ended <= moment) return still
  const { output, error, endedAt, reason, ...begun } = still
  return {
    ...begun,
    status: statusAt(execution, acts, moment),
    attention: false,
    waiting: false,
    notReached: [],
  }
}

function statusAt(
  execution: LiveExecution['execution'],
  acts: readonly ActEntry[],
  moment: number,
): ExecutionStatus {
  if ((timeOf(execution.startedAt) ?? moment + 1) > moment) return 'queued'
  const turns = acts.filter(
    ({ act, at }) => (act === 'pause' || act === 'resume') && Date.parse(at) <= moment,
  )
  return turns.at(-1)?.act === 'pause' ? 'paused' : 'running'
}
