// What a node run is shown as: on its card, in a row, at a bar, for the eye and for the ear. Pure.
import { nodeOf, ownerOf } from '../../core/run-id.ts'
import { type RunFacts, type ShownStatus, shownRunStatus } from '../ui/status-legend.ts'

/** What can be told of a run only by looking at others. */
export interface Around {
  /** Runs in which, in a record or further within, a risk is to be confirmed. */
  risky: ReadonlySet<string>
  /** Number of records bound, by run id, or by node id when bound at the start. */
  bound: Readonly<Record<string, number>>
}

export type StatusOf = (run: RunFacts & { id: string }) => ShownStatus

export const statusAmong =
  ({ risky, bound }: Around): StatusOf =>
  (run) => {
    if (ownerOf(run.id) === undefined && boundTo(bound, run.id) === 0) return 'nothing-bound'
    // A person has to look into what runs on in other records.
    return run.status === 'running' && risky.has(run.id) ? 'risky' : shownRunStatus(run)
  }

export const boundTo = (bound: Around['bound'], run: string): number | undefined =>
  bound[run] ?? bound[nodeOf(run)]
