// Reads a shell text just well enough to know what runs: words without their quotes, redirections, what stands in
// substitutions and in `sh -c`. What is only printed, in a comment or in a document for `cat` is no command.

export interface ShellCommand {
  /** Without directory: `rm` for `/bin/rm`. */
  name: string
  args: string[]
  /** Files its output goes to. */
  writes: string[]
  /** As written. */
  text: string
  /** Where it begins in the whole text. */
  at: number
}

const tokens = new RegExp(
  [
    String.raw`(?<skip>\\\n|[ \t\r]+|#[^\n]*)`,
    String.raw`(?<end>\n|;+|&&|\|[|&]?|&(?!>)|[()\x60])`,
    String.raw`(?<redirect>\d*(?:<<<|<<-?|[<>]&|>>|>\||[<>])|&>>?)`,
    String.raw`(?<word>(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s;&|<>()\x60'"\\]|['"\\])+)`,
  ].join('|'),
  'gy',
)

interface Raw {
  words: string[]
  writes: string[]
  /** What it reads, where that stands in the text itself. */
  input: string
  /** Texts in `$( )` and backticks within its double quotes. */
  inner: string[]
  from: number
  to: number
}

export function readCommands(source: string): ShellCommand[] {
  return commandsIn(source, 0)
}

const mostLevels = 8

function commandsIn(source: string, level: number): ShellCommand[] {
  if (level > mostLevels) return []
  return splitCommands(source).flatMap((raw) => {
    const text = source.slice(raw.from, raw.to).trim()
    const [name = '', ...args] = unwrap(raw.words)
    const command = {
      name: name.slice(name.lastIndexOf('/') + 1),
      args,
      writes: raw.writes,
      text,
      at: raw.from,
    }
    const nested = [...raw.inner, ...scriptsOf(command, raw.input)]
    return [
      command,
      ...nested
        .flatMap((script) => commandsIn(script, level + 1))
        .map((found) => ({ ...found, at: raw.from })),
    ]
  })
}

function splitCommands(source: string): Raw[] {
  const found: Raw[] = []
  let raw: Raw | undefined
  let redirect = ''
  const documents: { raw: Raw; end: string }[] = []
  const reader = new RegExp(tokens)
  for (let match = reader.exec(source); match; match = reader.exec(source)) {
    const { skip, end, redirect: sign, word } = match.groups ?? {}
    if (skip !== undefined) continue
    if (end !== undefined) {
      raw = undefined
      redirect = ''
      if (end === '\n') reader.lastIndex = readDocuments(source, reader.lastIndex, documents)
      continue
    }
    if (!raw) {
      raw = { words: [], writes: [], input: '', inner: [], from: match.index, to: match.index }
      found.push(raw)
    }
    raw.to = reader.lastIndex
    if (sign !== undefined) redirect = sign.replace(/^\d+/, '')
    else if (word !== undefined) {
      const target = redirect
      redirect = ''
      take(raw, { word, target, documents })
    }
  }
  return found
}

function take(
  raw: Raw,
  read: { word: string; target: string; documents: { raw: Raw; end: string }[] },
): void {
  const { word, target } = read
  const plain = unquote(word)
  for (const [, quoted = ''] of word.matchAll(/"((?:\\[\s\S]|[^"\\])*)"/g)) {
    for (const [, a, b] of quoted.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)) raw.inner.push(a ?? b ?? '')
  }
  if (target === '') raw.words.push(plain)
  else if (target === '<<' || target === '<<-') read.documents.push({ raw, end: plain })
  else if (target === '<<<') raw.input += plain
  else if (target.includes('>')) raw.writes.push(plain)
}

/** Here-documents begin after the line that asks for them. Returns where they end. */
function readDocuments(source: string, from: number, documents: { raw: Raw; end: string }[]): number {
  let at = from
  for (const { raw, end } of documents.splice(0)) {
    while (at < source.length) {
      const next = source.indexOf('\n', at)
      const line = source.slice(at, next < 0 ? source.length : next)
      at = next < 0 ? source.length : next + 1
      if (line.trim() === end) break
      raw.input += `${line}\n`
    }
  }
  return at
}

const unquote = (word: string): string =>
  word.replace(
    /\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g,
    (_whole, escaped?: string, single?: string, double?: string) => escaped ?? single ?? double ?? '',
  )

const keywords = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', '}'])
/** Commands that run another one, with their options that take a value. */
const wrappers: Readonly<Record<string, string>> = {
  sudo: 'ugpCTrh',
  doas: 'u',
  nice: 'n',
  ionice: 'cn',
  timeout: 'sk',
  env: 'u',
  xargs: 'nIPLd',
  exec: 'a',
  stdbuf: 'ioe',
  nohup: '',
  setsid: '',
  time: '',
  command: '',
  busybox: '',
}

/** `sudo -u root FOO=1 rm x` is `rm x`. */
function unwrap(words: readonly string[]): string[] {
  let rest = [...words]
  for (;;) {
    const [first = ''] = rest
    const isAssignment = /^[A-Za-z_]\w*=/.test(first)
    const options = Object.hasOwn(wrappers, first) ? wrappers[first] : undefined
    if (options === undefined && !isAssignment && !keywords.has(first)) return rest
    rest = rest.slice(1)
    if (options !== undefined) rest = afterOptions(rest, options)
    if (first === 'timeout') rest = rest.slice(1)
  }
}

function afterOptions(words: readonly string[], withValue: string): string[] {
  let at = 0
  while (words[at]?.startsWith('-')) {
    const option = words[at] as string
    at += option.length === 2 && withValue.includes(option.slice(1)) ? 2 : 1
  }
  return words.slice(at)
}

/** What a shell is given to run. */
function scriptsOf({ name, args }: Pick<ShellCommand, 'name' | 'args'>, input: string): string[] {
  if (name === 'eval') return [args.join(' ')]
  if (name !== 'su' && !/^(ba|da|k|z|a)?sh$/.test(name)) return []
  const at = args.findIndex((arg) => arg === '--command' || /^-[a-z]*c$/.test(arg))
  return [...(at < 0 ? [] : [args[at + 1] ?? '']), input]
}
