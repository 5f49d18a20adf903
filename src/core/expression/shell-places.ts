// Reads a POSIX shell command as far as needed to know which quotes a hole stands in.
import { failAt } from './cel/frame.ts'
import type { Hole, Template } from './template.ts'

/** Outside quotes, inside '…', inside "…". */
export type ShellPlace = 'plain' | 'single' | 'double'

/** `paren` is a subshell or a command substitution, `ansi` a text in quotes with a dollar before. */
type Mode = ShellPlace | 'ansi' | 'paren' | 'arithmetic' | 'brace' | 'backtick' | 'comment'

interface Reader {
  modes: Mode[]
  /** What the last character means to the next: quoted by it, `$(…)` begun by it, `((` made of it. */
  last: 'backslash' | 'dollar' | 'paren' | undefined
  /** The last few characters, a hole being one letter. */
  tail: string
  hasSubstitution: boolean
  /** From here on no hole is safe. */
  unsafe: string | undefined
}

const refusedModes: Partial<Record<Mode, string>> = {
  ansi: 'in $-quotes',
  arithmetic: 'in an arithmetic expansion',
  brace: 'in a parameter expansion',
  backtick: 'in backticks',
  comment: 'in a comment',
}

/** One place per hole. Throws AppError `invalid-expression` where no quoting would be safe. */
export function shellPlaces(template: Template): ShellPlace[] {
  const reader: Reader = {
    modes: ['plain'],
    last: undefined,
    tail: '',
    hasSubstitution: false,
    unsafe: undefined,
  }
  const places: ShellPlace[] = []
  for (const part of template.parts) {
    if (typeof part === 'string') {
      for (const char of part) read(reader, char)
      continue
    }
    places.push(placeOf(reader, part))
    reader.tail = 'x'
    reader.last = undefined
  }
  return places
}

function placeOf(reader: Reader, hole: Hole): ShellPlace {
  const reason = refusal(reader)
  if (reason) {
    const span = [hole.start, hole.start + hole.expression.source.length] as const
    failAt(span, `a value cannot stand ${reason} of a shell command; set a variable first: name={{ … }}`)
  }
  const mode = top(reader)
  return mode === 'single' || mode === 'double' ? mode : 'plain'
}

function refusal({ modes, last, tail, unsafe }: Reader): string | undefined {
  if (last === 'backslash') return 'behind a backslash'
  if (last === 'dollar') return 'behind a dollar sign'
  if (unsafe || hereDocument.test(tail)) return unsafe ?? behindHereDocument
  const mode = modes.findLast((candidate) => refusedModes[candidate] !== undefined)
  return mode && refusedModes[mode]
}

const top = (reader: Reader): Mode => reader.modes.at(-1) ?? 'plain'

function read(reader: Reader, char: string): void {
  const { last } = reader
  reader.last = undefined
  if (last !== 'backslash') step(reader, char, last)
  watch(reader, char)
  reader.tail = (reader.tail + char).slice(-4)
}

const hereDocument = /(^|[^<])<<$/
const behindHereDocument = 'behind <<'

function watch(reader: Reader, char: string): void {
  const tail = reader.tail
  reader.hasSubstitution ||= char === '(' && tail.endsWith('$')
  // Wherever `<<` stands: a here-document is rare, and misreading one would let a value run.
  if (hereDocument.test(tail) && char !== '<') reader.unsafe ??= behindHereDocument
  // The unpaired parentheses of `case` in a command substitution would be read wrongly.
  if (reader.hasSubstitution && `${tail}${char}`.endsWith('case')) {
    reader.unsafe ??= 'behind a case in a command substitution'
  }
}

function step(reader: Reader, char: string, last: Reader['last']): void {
  const mode = top(reader)
  if (char === closing[mode]) {
    if (reader.modes.length > 1) reader.modes.pop()
    return
  }
  if (mode === 'comment' || mode === 'single') return
  if (char === '\\') reader.last = 'backslash'
  else if (mode !== 'ansi') open(reader, char, last)
}

const closing: Partial<Record<Mode, string>> = {
  comment: '\n',
  single: "'",
  ansi: "'",
  double: '"',
  paren: ')',
  arithmetic: ')',
  brace: '}',
  backtick: '`',
}

function open(reader: Reader, char: string, last: Reader['last']): void {
  const mode = top(reader)
  const afterDollar = last === 'dollar'
  const opened = char === '(' ? openedByParen(mode, last) : openedBy(reader, char, afterDollar)
  if (opened) reader.modes.push(opened)
  if (char === '(' && opened) reader.last = 'paren'
  // `$$` is the process id; what follows it is not an expansion.
  if (char === '$' && !afterDollar) reader.last = 'dollar'
}

function openedByParen(mode: Mode, last: Reader['last']): Mode | undefined {
  if (last === 'paren') return 'arithmetic'
  return last === 'dollar' || isShell(mode) ? 'paren' : undefined
}

function openedBy(reader: Reader, char: string, afterDollar: boolean): Mode | undefined {
  if (char === '{' && afterDollar) return 'brace'
  if (char === '`') return 'backtick'
  if (char === '"') return 'double'
  if (char === "'" && !isInsideDouble(reader)) return afterDollar ? 'ansi' : 'single'
  if (char === '#' && isShell(top(reader)) && /(^|[\s;&|(])$/.test(reader.tail.slice(-1))) return 'comment'
  return undefined
}

const isShell = (mode: Mode): boolean =>
  mode === 'plain' || mode === 'paren' || mode === 'arithmetic' || mode === 'backtick'

/** In "…" and in a parameter expansion there, an apostrophe is only an apostrophe. */
function isInsideDouble({ modes }: Reader): boolean {
  return modes.findLast((candidate) => candidate !== 'brace') === 'double'
}
