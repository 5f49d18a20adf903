// What every part of the execution page needs to know.
import { createContext, useContext } from 'react'
import type { Binding, NodeRun } from '../../../api/contract/node-runs.ts'
import { nodeOf } from '../../../core/run-id.ts'
import type { DrawnNode, Structure } from '../../canvas/structure.ts'
import type { LiveExecution } from '../../data/live-state.ts'

export interface ExecutionPage {
  live: LiveExecution
  structure: Structure
  nodes: ReadonlyMap<string, DrawnNode>
  /** Newest attempt of every run. */
  last: ReadonlyMap<string, NodeRun>
  bindings: readonly Binding[]
  /** Run id, or node id of what has not started. */
  selected: string | undefined
  select: (run: string | undefined) => void
  /** To be called after an act: an ended execution may have been reopened. */
  acted: () => void
}

export const PageContext = createContext<ExecutionPage | undefined>(undefined)

/** The records of a bound run: bound for this run, or for its node when the execution started. */
export function bindingOf(page: Pick<ExecutionPage, 'bindings'>, run: string): Binding | undefined {
  const node = nodeOf(run)
  const { bindings } = page
  return bindings.find((one) => one.run === run) ?? bindings.find((one) => one.run === node)
}

export function useExecutionPage(): ExecutionPage {
  const page = useContext(PageContext)
  if (!page) throw new Error('Only parts of the execution page may ask for it')
  return page
}
