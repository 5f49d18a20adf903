// Node runs that wait for somebody to take their risk: what a person reads before confirming many at once.
import type { NodeRun } from '../api/contract/node-runs.ts'

export interface RiskGroup {
  risks: NonNullable<NodeRun['risks']>
  /** Never empty. */
  runs: NodeRun[]
}

export const riskyRuns = (runs: readonly NodeRun[]): NodeRun[] =>
  runs.filter(({ acts }) => acts.includes('confirm'))

/** Runs of one node in which the very same was found, in the order given. */
export function groupRisks(runs: readonly NodeRun[]): RiskGroup[] {
  const groups = Map.groupBy(runs, ({ node, risks }) => JSON.stringify([node, risks]))
  return [...groups.values()].map((members) => ({ risks: members[0]?.risks ?? [], runs: members }))
}

/** As a confirmation names what was seen. */
export const seenOf = (runs: readonly NodeRun[]): { run: string; attempt: number }[] =>
  runs.map(({ id, attempt }) => ({ run: id, attempt }))
