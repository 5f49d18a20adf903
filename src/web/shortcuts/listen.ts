// Keys → what pages have asked to be called for. One listener for the whole console.
import { useEffect, useRef } from 'react'
import { readPreference } from '../ui/preferences.ts'
import { isChord, matchKeys, pressedKey, type ShortcutId, shortcutIds } from './shortcuts.ts'

export type ShortcutActions = Partial<Record<ShortcutId, () => void>>

/** The last one asked first: what a page does with a key goes before what the frame does. */
const listeners: { current: ShortcutActions }[] = []

/** While the component is there, these keys do this. */
export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    listeners.push(latest)
    return () => void listeners.splice(listeners.indexOf(latest), 1)
  }, [])
}

const actionOf = (id: ShortcutId) => listeners.findLast(({ current }) => current[id])?.current[id]

/** Those that would do something now. */
export const heardNow = (): ShortcutId[] => shortcutIds.filter((id) => actionOf(id))
export const doShortcut = (id: ShortcutId): void => actionOf(id)?.()

const restMs = 1500
let pressed: string[] = []
let lastAt = 0

function hear(key: string): ShortcutId | undefined {
  const now = Date.now()
  const begun = now - lastAt < restMs ? pressed : []
  lastAt = now
  const found = matchKeys([...begun, key]) ?? matchKeys([key])
  const isBeginning = found === 'begun'
  pressed = isBeginning ? [key] : []
  return isBeginning ? undefined : found
}

const typing = 'input, textarea, select, [contenteditable]'

/** Letters belong to whoever writes, and everything to a dialog while it is open. */
function isForOthers(event: KeyboardEvent, key: string): boolean {
  if (event.defaultPrevented || event.isComposing) return true
  if (!isChord(key) && event.target instanceof Element && event.target.closest(typing)) return true
  return [...document.querySelectorAll('[aria-modal=true]')].some((dialog) => dialog.checkVisibility())
}

/** Help stays: it is where shortcuts are turned on again. */
const isOff = (found: ShortcutId, key: string): boolean =>
  found !== 'help' && !isChord(key) && readPreference('shortcuts') === 'off'

function onKeyDown(event: KeyboardEvent): void {
  const key = pressedKey(event)
  if (key === undefined || isForOthers(event, key)) return
  const found = hear(key)
  const action = found && !isOff(found, key) && actionOf(found)
  if (!action) return
  event.preventDefault()
  action()
}

export function useShortcutKeys(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
