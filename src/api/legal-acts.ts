// Which acts of `design/engine.md` §6 the core would accept now. Shown to people; the core decides.
import { mayRebindAhead } from '../core/acts.ts'
import type { NodeDocument, WorkflowDocument } from '../core/document.ts'
import { ownerOf } from '../core/run-id.ts'
import type { Run, State } from '../core/state.ts'
import { isEnded, isFailure, type RunStatus } from '../core/statuses.ts'
import type { ExecutionHead } from './contract/executions.ts'
import type { RunAct } from './contract/node-runs.ts'

export function legalActs(state: State): ExecutionHead['acts'] {
  const ended = isEnded(state.status)
  const acts: ExecutionHead['acts'] = []
  if (state.status === 'running') acts.push('pause')
  if (state.status === 'paused') acts.push('resume')
  if (Object.values(state.runs ?? {}).some((run) => canRetry(run, ended))) acts.push('retry')
  if (!ended && Object.values(state.runs ?? {}).some((run) => run.status === 'risky')) acts.push('confirm')
  if (!ended) acts.push('terminate')
  return acts
}

const canRetry = (run: Run, ended: boolean) => isFailure(run.status) && (ended || run.held === true)

/** One attempt of a run, as stored. */
export interface RunNow {
  run: string
  attempt: number
  status: RunStatus
  last: boolean
  /** It waits for a person to choose a port. */
  choice: boolean
}

export function legalRunActs(state: State, now: RunNow, node: NodeDocument | undefined): RunAct[] {
  if (!now.last) return []
  const run = state.runs?.[now.run]
  if (!run) return isFailedRecord(state, now) ? failedRecordActs(state) : []
  if (run.attempt !== now.attempt) return []
  const ended = isEnded(state.status)
  const acts: RunAct[] = []
  if (canRetry(run, ended)) acts.push('retry')
  if (!ended) acts.push(...liveActs(run, now, node))
  if (canRetry(run, ended) && node?.bind && ownerOf(now.run) === undefined) acts.push('rebind')
  return acts
}

function liveActs(run: Run, now: RunNow, node: NodeDocument | undefined): RunAct[] {
  if (run.status === 'risky') return ['confirm', 'skip']
  if (run.held) return ['skip', 'complete']
  if (run.status !== 'waiting') return []
  const mayCutShort = run.wait === 'time' && node?.policy?.allowSkip !== false
  return [
    ...(mayCutShort ? (['skip'] as const) : []),
    ...(run.wait === 'person' && now.choice ? (['choose'] as const) : (['complete'] as const)),
  ]
}

/** A failed record lives on in its bound node: `restart[host-3]` in `restart`. */
function isFailedRecord(state: State, now: RunNow): boolean {
  const owner = ownerOf(now.run)
  return owner !== undefined && isFailure(now.status) && state.runs?.[owner]?.body !== undefined
}

const failedRecordActs = (state: State): RunAct[] =>
  isEnded(state.status) ? ['retry'] : ['retry', 'skip', 'complete']

/** Nodes that have not started and whose records may be changed. */
export function rebindableNodes(state: State, { nodes }: Pick<WorkflowDocument, 'nodes'>): string[] {
  const known = new Map(nodes.map((node) => [node.id, node]))
  return nodes.filter(({ id }) => mayRebindAhead({ nodes: known }, state, id)).map(({ id }) => id)
}
