// One ticking clock for all that counts on screen; it stands still while nobody watches.
import { useSyncExternalStore } from 'react'

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

/** The present in ms, every second while `ticking`. */
export function useNow(ticking = true): number {
  return useSyncExternalStore(ticking ? watch : still, () => {
    if (listeners.size === 0) now = Math.floor(Date.now() / 1000) * 1000
    return now
  })
}
