// Colours of terminals (SGR sequences) in log lines. Other control sequences are left out. Pure.

export const ansiColors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
export type AnsiColor = (typeof ansiColors)[number]

export interface AnsiPart {
  /** Where it begins in the line. */
  at: number
  text: string
  color?: AnsiColor
  bold?: true
  dim?: true
  underline?: true
}

type Look = Omit<AnsiPart, 'at' | 'text'>

const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)
// CSI sequences, OSC sequences up to their end, and single escapes.
const sequence = new RegExp(
  `${esc}(?:\\[([0-9;:?]*)[ -/]*([@-~])|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[@-Z\\\\-_])`,
  'g',
)

/** The pieces of one line, each of one look. */
export function ansiParts(line: string): AnsiPart[] {
  if (!line.includes(esc)) return line === '' ? [] : [{ at: 0, text: line }]
  const parts: AnsiPart[] = []
  let look: Look = {}
  let from = 0
  for (const match of line.matchAll(sequence)) {
    if (match.index > from) parts.push({ at: from, text: line.slice(from, match.index), ...look })
    from = match.index + match[0].length
    if (match[2] === 'm') look = applyCodes(look, match[1] ?? '')
  }
  if (from < line.length) parts.push({ at: from, text: line.slice(from), ...look })
  return parts
}

export const plainText = (line: string): string =>
  ansiParts(line)
    .map(({ text }) => text)
    .join('')

function applyCodes(before: Look, codes: string): Look {
  const list = codes === '' ? [0] : codes.split(/[;:]/).map(Number)
  let look = before
  for (let index = 0; index < list.length; index++) {
    const code = list[index] ?? 0
    // 256 and 24-bit colours have operands of their own; the nearest of ours is not guessed.
    if (code === 38 || code === 48) index += list[index + 1] === 2 ? 4 : 2
    else look = applyCode(look, code)
  }
  return look
}

function applyCode(look: Look, code: number): Look {
  const { color, bold, dim, underline, ...rest } = look
  if (code === 0) return {}
  if (code === 1) return { ...look, bold: true }
  if (code === 2) return { ...look, dim: true }
  if (code === 4) return { ...look, underline: true }
  if (code === 22) return { ...rest, ...given({ color, underline }) }
  if (code === 24) return { ...rest, ...given({ color, bold, dim }) }
  if (code === 39) return { ...rest, ...given({ bold, dim, underline }) }
  const found = ansiColors[code >= 90 ? code - 90 : code - 30]
  return found === undefined || code >= 98 ? look : { ...look, color: found }
}

function given(look: { [K in keyof Look]: Look[K] | undefined }): Look {
  return Object.fromEntries(Object.entries(look).filter(([, value]) => value !== undefined)) as Look
}
