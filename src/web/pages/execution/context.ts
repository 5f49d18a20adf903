// What every part of the execution page needs to know.
import { createContext, useContext } from 'react'
import type { ActEntry } from '../../../api/contract/executions.ts'
import type { Binding, NodeRun, RunAct } from '../../../api/contract/node-runs.ts'
import { nodeOf } from '../../../core/run-id.ts'
import type { StatusOf } from '../../canvas/run-status.ts'
import type { DrawnNode, Structure } from '../../canvas/structure.ts'
import type { LiveExecution } from '../../data/live-state.ts'
import type { InspectorTab } from '../../search.ts'

/** A branch is chosen in its own panel. */
export type OfferedAct = Exclude<RunAct, 'choose'>

/** Where somebody is on the page; kept in its address. */
export interface Place {
  /** Run id, node id of what has not started, or `-` when nothing is to be selected. */
  run?: string | undefined
  attempt?: number | undefined
  view?: InspectorTab | undefined
  /** Of the log. */
  line?: number | undefined
}

export interface ExecutionPage {
  /** As it is now: what acts and the header are about. */
  now: LiveExecution
  /** As it is shown: now, or as it was at the moment that is replayed. */
  live: LiveExecution
  /** In ms since 1970; undefined: the present. */
  moment: number | undefined
  /** What people did, oldest first. */
  acts: readonly ActEntry[]
  structure: Structure
  nodes: ReadonlyMap<string, DrawnNode>
  /** Newest attempt of every run. */
  last: ReadonlyMap<string, NodeRun>
  /** What any of them is shown as, the same in every part of the page. */
  statusOf: StatusOf
  bindings: readonly Binding[]
  /** Grows whenever there are other bindings to be read. */
  bindingsRead: number
  /** Run id, or node id of what has not started. */
  selected: string | undefined
  select: (run: string | undefined) => void
  /** Opens the dialog of an act, which stays open whatever becomes of the run meanwhile. */
  ask: (act: OfferedAct, run: NodeRun) => void
  place: Place
  /** Changes what is given. */
  go: (place: Place) => void
  /** To be called after an act, should no connection tell of what it did. */
  acted: () => void
}

export const PageContext = createContext<ExecutionPage | undefined>(undefined)

/** The records of a bound run: bound for this run, or for its node when the execution started. */
export function bindingOf(page: Pick<ExecutionPage, 'bindings'>, run: string): Binding | undefined {
  const node = nodeOf(run)
  const { bindings } = page
  return bindings.find((one) => one.run === run) ?? bindings.find((one) => one.run === node)
}

export const countsOf = (bindings: readonly Binding[]): Record<string, number> =>
  Object.fromEntries(bindings.map(({ run, records }) => [run, records.length]))

export function useExecutionPage(): ExecutionPage {
  const page = useContext(PageContext)
  if (!page) throw new Error('Only parts of the execution page may ask for it')
  return page
}
