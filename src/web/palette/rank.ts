// Which entries a text finds, best first, below their headings. Pure.

export const paletteGroups = ['pages', 'acts', 'workflows', 'executions'] as const
export type PaletteGroup = (typeof paletteGroups)[number]

export interface Rankable {
  group: PaletteGroup
  title: string
  /** What it is also found by. */
  also?: readonly string[]
}

export interface Ranked<E> {
  group: PaletteGroup
  entries: E[]
}

/** Shown of each group while a text is looked for. */
const most = 6

/** 0 is the text itself; nothing where it does not occur. */
function rankIn(name: string, text: string): number | undefined {
  const at = name.indexOf(text)
  if (at < 0) return undefined
  if (at === 0) return name.length === text.length ? 0 : 1
  return name.split(/[\s._-]+/).some((word) => word.startsWith(text)) ? 2 : 3
}

function rankOf({ title, also = [] }: Rankable, text: string): number {
  const ranks = [title, ...also].map((name) => rankIn(name.toLocaleLowerCase(), text))
  return Math.min(...ranks.map((rank) => rank ?? Number.POSITIVE_INFINITY))
}

/** What the server found for an earlier text is tried again: Enter must not open what is not meant any more. */
export function ranked<E extends Rankable>(entries: readonly E[], typed: string): Ranked<E>[] {
  const text = typed.trim().toLocaleLowerCase()
  const fitting = entries
    .map((entry) => ({ entry, rank: rankOf(entry, text) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((one, other) => (text === '' ? 0 : one.rank - other.rank))
    .map(({ entry }) => entry)
  return paletteGroups
    .map((group) => {
      const all = fitting.filter((entry) => entry.group === group)
      return { group, entries: text === '' ? all : all.slice(0, most) }
    })
    .filter((part) => part.entries.length > 0)
}
