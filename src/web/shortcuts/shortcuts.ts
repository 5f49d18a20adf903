// Every shortcut of the console, in one place: what listens to keys and what `?` shows are made from this table.

export const shortcutGroups = ['everywhere', 'go', 'lists', 'graph', 'execution'] as const
export type ShortcutGroup = (typeof shortcutGroups)[number]

interface Shortcut {
  group: ShortcutGroup
  /** One key, or two pressed one after the other, as `pressedKey` names them. */
  keys: readonly string[]
  /** The control that has the focus listens itself; the table only tells of it. */
  native?: true
}

/** Begins the name of a key pressed with Ctrl, on Apple's keyboards with ⌘. */
const chord = 'Mod+'

const table = {
  palette: { group: 'everywhere', keys: ['Mod+k'] },
  help: { group: 'everywhere', keys: ['?'] },
  search: { group: 'everywhere', keys: ['/'] },
  close: { group: 'everywhere', keys: ['Escape'], native: true },
  goHome: { group: 'go', keys: ['g', 'h'] },
  goRun: { group: 'go', keys: ['g', 'r'] },
  goExecutions: { group: 'go', keys: ['g', 'e'] },
  goSchedules: { group: 'go', keys: ['g', 's'] },
  goReports: { group: 'go', keys: ['g', 'p'] },
  goTasks: { group: 'go', keys: ['g', 't'] },
  goWorkflows: { group: 'go', keys: ['g', 'w'] },
  goData: { group: 'go', keys: ['g', 'd'] },
  goAdmin: { group: 'go', keys: ['g', 'a'] },
  nextRow: { group: 'lists', keys: ['j'] },
  previousRow: { group: 'lists', keys: ['k'] },
  openRow: { group: 'lists', keys: ['Enter'], native: true },
  tickRow: { group: 'lists', keys: ['x'] },
  walk: { group: 'graph', keys: ['←', '↑', '→', '↓'], native: true },
  select: { group: 'graph', keys: ['Enter'], native: true },
  letGo: { group: 'graph', keys: ['Escape'], native: true },
  showGraph: { group: 'execution', keys: ['1'] },
  showTimeline: { group: 'execution', keys: ['2'] },
  showTable: { group: 'execution', keys: ['3'] },
  showLog: { group: 'execution', keys: ['4'] },
  pause: { group: 'execution', keys: ['p'] },
  nextFailure: { group: 'execution', keys: ['e'] },
  previousExecution: { group: 'execution', keys: ['['] },
  nextExecution: { group: 'execution', keys: [']'] },
} as const satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof table
export const shortcuts: Readonly<Record<ShortcutId, Shortcut>> = table
export const shortcutIds = Object.keys(table) as ShortcutId[]

/** The one whose keys these are, or `begun` where they may become one. */
export function matchKeys(pressed: readonly string[]): ShortcutId | 'begun' | undefined {
  const starting = shortcutIds.filter((id) => {
    const { native, keys } = shortcuts[id]
    return !native && pressed.every((key, index) => keys[index] === key)
  })
  const exact = starting.find((id) => shortcuts[id].keys.length === pressed.length)
  return exact ?? (starting.length > 0 ? 'begun' : undefined)
}

const onApple = /Mac|iP(hone|ad|od)/.test(navigator.platform)

/** As they stand on the keyboard. */
export const keyNames = (id: ShortcutId): string[] =>
  shortcuts[id].keys.flatMap((key) => {
    if (key.startsWith(chord)) return [onApple ? '⌘' : 'Ctrl', key.slice(chord.length).toUpperCase()]
    return [key === 'Escape' ? 'Esc' : key]
  })

interface Pressed {
  key: string
  /** The place on the keyboard, e.g. `KeyG`. */
  code: string
}
type PressedWith = Pressed & Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What the table calls it; nothing when it is pressed with a key that makes it somebody else's. */
export function pressedKey(event: PressedWith): string | undefined {
  const { ctrlKey, metaKey, altKey, shiftKey } = event
  if (altKey || (ctrlKey && metaKey)) return undefined
  if (!ctrlKey && !metaKey) return latinKey(event)
  const isChord = !shiftKey && (onApple ? metaKey : ctrlKey)
  return isChord ? `${chord}${latinKey(event).toLowerCase()}` : undefined
}

/** Not a letter that somebody may be writing. */
export const isChord = (key: string): boolean => key.startsWith(chord)

/** The Latin letter of the key where the layout writes another script: `g` is where `п` is. */
export function latinKey({ key, code }: Pressed): string {
  return /^[^\x20-\x7e]$/.test(key) && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}
