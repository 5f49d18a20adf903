// Whether the session ended in the middle of the work: what is open stays as it is until the same user is back.
import { useSyncExternalStore } from 'react'

let ended = false
const listeners = new Set<() => void>()

export const hasSessionEnded = (): boolean => ended

export function setSessionEnded(next: boolean): void {
  if (ended === next) return
  ended = next
  for (const listener of listeners) listener()
}

/** Answers how to stop. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSessionEnded = (): boolean => useSyncExternalStore(onSessionChange, hasSessionEnded)
