// Node runs and acts as one list of happenings, oldest first. Pure.
import type { ActEntry } from '../../../api/contract/executions.ts'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { StatusOf } from '../../canvas/run-status.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import { type ShownStatus, shownRunStatus } from '../../ui/status-legend.ts'

export type Happening = {
  key: string
  at: string
  run?: string
  text?: string
  error?: NonNullable<NodeRun['error']>
} & (
  | { kind: 'began' }
  | { kind: 'ended' | 'stopped'; status: ShownStatus }
  | { kind: 'act'; act: string; by: string }
)

export function historyOf(
  live: LiveExecution,
  acts: readonly ActEntry[],
  statusOf: StatusOf = shownRunStatus,
): Happening[] {
  const ofRuns = [...live.runs.values()].flat().flatMap((run) => ofRun(run, statusOf))
  const happenings = [...ofRuns, ...acts.map(ofAct)]
  // All in one form: they are in order as they are written.
  return happenings.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function ofRun(run: NodeRun, statusOf: StatusOf): Happening[] {
  const key = `${run.id}#${run.attempt}`
  const at = { key: `${key}+`, at: run.startedAt ?? '', run: run.id }
  // What was found risky has not begun; that it is over was said by who confirmed it.
  const how = run.risks ? ({ kind: 'stopped', status: 'risky' } as const) : ({ kind: 'began' } as const)
  const began: Happening[] = run.startedAt ? [{ ...at, ...how }] : []
  if (!run.endedAt || run.status === 'risky') return began
  const ended: Happening = { key, at: run.endedAt, run: run.id, kind: 'ended', status: statusOf(run) }
  return [...began, run.error ? { ...ended, error: run.error } : ended]
}

function ofAct(entry: ActEntry, index: number): Happening {
  return {
    key: `act ${index}`,
    at: entry.at,
    kind: 'act',
    act: entry.act,
    by: entry.by,
    ...(entry.run === undefined ? {} : { run: entry.run }),
    ...(entry.reason === undefined ? {} : { text: entry.reason }),
  }
}
