// What every part of the preview needs to know.
import { createContext, useContext } from 'react'
import type { Preview } from '../../../api/contract/previews.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import type { Unchecked, Worked } from './choices.ts'
import type { Choices } from './use-choices.ts'

/** A node by id or a record by key. */
export type Selection = { node: string } | { record: string } | undefined

export interface Carried {
  /** Of that execution. */
  id: string
  /** Left unchecked as it did not work on them; empty for another target. */
  unchecked: Unchecked
}

export interface PreviewPage {
  /** Absent until a target is chosen. */
  preview: Preview | undefined
  /** Nodes of the workflow by id. */
  nodes: ReadonlyMap<string, DrawnNode>
  choices: Choices
  /** What was taken over from another execution. */
  carried: Carried | undefined
  /** What the choices leave. */
  worked: Worked
  selected: Selection
  select: (selected: Selection) => void
  /** Title of a collection. */
  titleOf: (collection: string) => string
}

export const PreviewContext = createContext<PreviewPage | undefined>(undefined)

export function usePreviewPage(): PreviewPage {
  const page = useContext(PreviewContext)
  if (!page) throw new Error('Only parts of the preview may ask for it')
  return page
}
