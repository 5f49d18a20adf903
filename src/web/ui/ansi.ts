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
    // 256 and 24-bit colours have operands of their own; grounds are left out.
    if (code === 38 || code === 48) {
      const operands = list.slice(index + 1, index + (list[index + 1] === 2 ? 5 : 3))
      if (code === 38) look = withColor(look, operands)
      index += operands.length
    } else look = applyCode(look, code)
  }
  return look
}

/** The nearest of ours; what is nearly black, grey or white stays as text is, for the ground is not the terminal's. */
function withColor({ color: _before, ...look }: Look, [kind, ...operands]: number[]): Look {
  const [red = 0, green = 0, blue = 0] = kind === 5 ? paletteColor(operands[0] ?? 0) : operands
  const least = Math.max(red, green, blue) * 0.39
  const bits = [red, green, blue].reduce((sum, part, n) => sum + (part > least ? 2 ** n : 0), 0)
  const color = ansiColors[bits]
  return bits === 0 || bits === 7 || color === undefined ? look : { ...look, color }
}

/** Of the 256: eight, the same brighter, a cube of 6 × 6 × 6, greys. */
function paletteColor(n: number): number[] {
  if (n >= 232) return [1, 1, 1]
  if (n >= 16) return [36, 6, 1].map((step) => Math.floor((n - 16) / step) % 6)
  return [0, 1, 2].map((bit) => ((n % 8) >> bit) & 1)
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
