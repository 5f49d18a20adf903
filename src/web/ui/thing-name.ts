// What the page calls the thing its address names by an id: for the breadcrumbs and the title of the window.
import { useEffect, useSyncExternalStore } from 'react'

interface Named {
  /** As it stands in the address. */
  thing: string
  name: string
}

let current: Named | undefined
const listeners = new Set<() => void>()

function setNamed(named: Named | undefined): void {
  current = named
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useNamedThing = (): Named | undefined => useSyncExternalStore(subscribe, () => current)

/** For as long as the page is shown. */
export function useNameThing(thing: string, name: string): void {
  useEffect(() => {
    setNamed({ thing, name })
    return () => setNamed(undefined)
  }, [thing, name])
}
