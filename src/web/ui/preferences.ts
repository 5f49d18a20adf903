// What this browser remembers: language, theme, the rail, widths. Other tabs follow.
import { useCallback, useSyncExternalStore } from 'react'

export type PreferenceName =
  | 'language'
  | 'theme'
  | 'rail'
  | 'inspector'
  | 'shortcuts'
  | 'checklist'
  | 'folded-roles'

const listeners = new Set<() => void>()
const storageKey = (name: PreferenceName): string => `fermata.${name}`

export function readPreference(name: PreferenceName): string | undefined {
  try {
    return localStorage.getItem(storageKey(name)) ?? undefined
  } catch {
    // Storage may be forbidden: then nothing is remembered.
    return undefined
  }
}

export function writePreference(name: PreferenceName, value: string): void {
  try {
    localStorage.setItem(storageKey(name), value)
  } catch {
    return
  } finally {
    for (const listener of listeners) listener()
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export function usePreference(name: PreferenceName, fallback: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(name)) ?? fallback
  const change = useCallback((next: string) => writePreference(name, next), [name])
  return [value, change]
}
