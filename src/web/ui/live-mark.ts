// What the live indicator of the top bar says: set by the page that follows something.
import { useEffect, useSyncExternalStore } from 'react'

export type LiveMark = 'live' | 'reconnecting' | 'stale' | 'ended' | undefined

let current: LiveMark
const listeners = new Set<() => void>()

function setMark(mark: LiveMark): void {
  current = mark
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useLiveMark = (): LiveMark => useSyncExternalStore(subscribe, () => current)

/** For as long as the page is shown. */
export function useShowLive(mark: LiveMark): void {
  useEffect(() => {
    setMark(mark)
    return () => setMark(undefined)
  }, [mark])
}
