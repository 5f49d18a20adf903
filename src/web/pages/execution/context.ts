// What every part of the execution page needs to know.
import { createContext, useContext } from 'react'
import type { Binding, NodeRun } from '../../../api/contract/node-runs.ts'
import type { DrawnNode, Structure } from '../../canvas/structure.ts'
import type { LiveExecution } from '../../data/live-state.ts'

export interface ExecutionPage {
  live: LiveExecution
  structure: Structure
  nodes: ReadonlyMap<string, DrawnNode>
  /** Newest attempt of every run. */
  last: ReadonlyMap<string, NodeRun>
  /** By run id. */
  bindings: ReadonlyMap<string, Binding>
  /** Run id, or node id of what has not started. */
  selected: string | undefined
  select: (run: string | undefined) => void
  /** To be called after an act: an ended execution may have been reopened. */
  acted: () => void
}

export const PageContext = createContext<ExecutionPage | undefined>(undefined)

export function useExecutionPage(): ExecutionPage {
  const page = useContext(PageContext)
  if (!page) throw new Error('Only parts of the execution page may ask for it')
  return page
}
