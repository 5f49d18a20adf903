// What a click or a pointer on a record or a group does; given to the cards by the canvas.
import { createContext, useContext } from 'react'

export interface AssociationActs {
  select: (record: string | undefined) => void
  hover: (records: readonly string[] | undefined) => void
  /** Opens or closes a group. */
  toggle: (group: string) => void
  /** Title of a collection. */
  titleOf: (collection: string) => string
}

const nothing = () => undefined
export const ActsContext = createContext<AssociationActs>({
  select: nothing,
  hover: nothing,
  toggle: nothing,
  titleOf: (collection) => collection,
})

export const useAssociationActs = (): AssociationActs => useContext(ActsContext)
