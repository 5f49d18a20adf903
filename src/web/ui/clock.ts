// One ticking clock for all that counts on screen; it stands still while nobody watches.
import { createContext, useContext, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}

function watch(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const still = () => () => undefined

/** Where the past is looked at: what counts there counts up to this moment. */
export const MomentContext = createContext<number | undefined>(undefined)

/** The present in ms, every second while `ticking`; or the moment that is looked at. */
export function useNow(ticking = true): number {
  const moment = useContext(MomentContext)
  const present = usePresent(ticking && moment === undefined)
  return moment ?? present
}

/** The present, whatever is looked at. */
export function usePresent(ticking: boolean): number {
  return useSyncExternalStore(ticking ? watch : still, () => {
    if (listeners.size === 0) now = Math.floor(Date.now() / 1000) * 1000
    return now
  })
}
