// Node runs and acts as one list of happenings, oldest first. Pure.
import type { ActEntry } from '../../../api/contract/executions.ts'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import { type ShownStatus, shownRunStatus } from '../../ui/status-legend.ts'

export type Happening = { key: string; at: string; run?: string; text?: string } & (
  | { kind: 'began' }
  | { kind: 'ended'; status: ShownStatus }
  | { kind: 'act'; act: string; by: string }
)

export function historyOf(live: LiveExecution, acts: readonly ActEntry[]): Happening[] {
  const happenings = [...[...live.runs.values()].flat().flatMap(ofRun), ...acts.map(ofAct)]
  // All in one form: they are in order as they are written.
  return happenings.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

function ofRun(run: NodeRun): Happening[] {
  const key = `${run.id}#${run.attempt}`
  const began: Happening[] = run.startedAt
    ? [{ key: `${key}+`, at: run.startedAt, run: run.id, kind: 'began' }]
    : []
  if (!run.endedAt) return began
  const text = run.error?.message
  const ended: Happening = { key, at: run.endedAt, run: run.id, kind: 'ended', status: shownRunStatus(run) }
  return [...began, text === undefined ? ended : { ...ended, text }]
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
