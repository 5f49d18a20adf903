// The grammar of the simulated shell: words with quotes and variables, pipes, `&&`, `||`, `;`, redirections.

export type Part = { type: 'text'; text: string; glob: boolean } | { type: 'variable'; name: string }
export type Word = Part[]

export interface Redirect {
  stream: 'stdout' | 'stderr'
  mode: 'write' | 'append' | 'merge'
  file?: Word
}

export interface Simple {
  words: Word[]
  redirects: Redirect[]
}

export interface Segment {
  /** How it hangs on the segment before it; the first one is `;`. */
  joint: ';' | '&&' | '||'
  pipeline: Simple[]
}

/** Thrown for a line this shell does not understand; the shell answers it with exit code 2. */
export class ShellSyntaxError extends Error {}

type Token = { type: 'word'; word: Word } | { type: 'operator'; text: string }

const blank = /[ \t\r]+|\\\n/y
const comment = /#[^\n]*/y
const operator = /2>&1|2>>|2>|&>|1>|>>|>|&&|\|\||\||;|\n/y
const unsupported = /[()`<&]|\$\(/y
const partRules: [RegExp, (match: RegExpExecArray) => Part[]][] = [
  [/'([^']*)'/y, (match) => [text(match[1])]],
  [/"((?:[^"\\]|\\[\s\S])*)"/y, (match) => insideDoubleQuotes(match[1] ?? '')],
  [/\\([\s\S])/y, (match) => [text(match[1])]],
  [/\$(?:(\?|\w+)|\{(\w+)\})/y, (match) => [{ type: 'variable', name: match[1] ?? match[2] ?? '' }]],
  [/[^\s'"\\$;|<>&()`]+|\$/y, (match) => [text(match[0], true)]],
]

function text(value = '', glob = false): Part {
  return { type: 'text', text: value, glob }
}

function insideDoubleQuotes(body: string): Part[] {
  const parts: Part[] = []
  for (const match of body.matchAll(/\\([$`"\\\n])|\$(\?|\w+)|\$\{(\w+)\}|[^\\$]+|[\s\S]/g)) {
    const name = match[2] ?? match[3]
    if (name !== undefined) parts.push({ type: 'variable', name })
    else parts.push(text(match[1] === '\n' ? '' : (match[1] ?? match[0])))
  }
  return parts.length > 0 ? parts : [text('')]
}

function take(rule: RegExp, line: string, at: number): RegExpExecArray | null {
  rule.lastIndex = at
  return rule.exec(line)
}

function takePart(line: string, at: number): { parts: Part[]; length: number } | undefined {
  for (const [rule, make] of partRules) {
    const match = take(rule, line, at)
    if (match) return { parts: make(match), length: match[0].length }
  }
  return undefined
}

function takeWord(line: string, start: number): { word: Word; end: number } {
  const word: Word = []
  let at = start
  for (let part = takePart(line, at); part; part = takePart(line, at)) {
    word.push(...part.parts)
    at += part.length
  }
  if (at === start)
    throw new ShellSyntaxError(`syntax error near unexpected token \`${line[at] ?? 'newline'}'`)
  return { word, end: at }
}

function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < line.length) {
    const skipped = take(blank, line, at) ?? take(comment, line, at)
    const found = skipped ?? take(operator, line, at)
    if (found) {
      if (!skipped) tokens.push({ type: 'operator', text: found[0] === '\n' ? ';' : found[0] })
      at += found[0].length
      continue
    }
    const strange = take(unsupported, line, at)
    if (strange) throw new ShellSyntaxError(`syntax error near unexpected token \`${strange[0]}'`)
    const { word, end } = takeWord(line, at)
    tokens.push({ type: 'word', word })
    at = end
  }
  return tokens
}

const redirections: Record<string, Omit<Redirect, 'file'>> = {
  '>': { stream: 'stdout', mode: 'write' },
  '1>': { stream: 'stdout', mode: 'write' },
  '>>': { stream: 'stdout', mode: 'append' },
  '2>': { stream: 'stderr', mode: 'write' },
  '2>>': { stream: 'stderr', mode: 'append' },
}

function readRedirect(operatorText: string, next: Token | undefined): Redirect {
  if (operatorText === '2>&1') return { stream: 'stderr', mode: 'merge' }
  const redirect = redirections[operatorText]
  if (!redirect || next?.type !== 'word') {
    throw new ShellSyntaxError(`syntax error near unexpected token \`${operatorText}'`)
  }
  return { ...redirect, file: next.word }
}

function readSimple(tokens: Token[]): Simple {
  const simple: Simple = { words: [], redirects: [] }
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token
    if (token.type === 'word') simple.words.push(token.word)
    else {
      const redirect = readRedirect(token.text, tokens[at + 1])
      simple.redirects.push(redirect)
      if (redirect.file) at++
    }
  }
  if (simple.words.length === 0) throw new ShellSyntaxError("syntax error near unexpected token `|'")
  return simple
}

function readPipeline(tokens: Token[]): Simple[] {
  const simples: Token[][] = [[]]
  for (const token of tokens) {
    if (token.type === 'operator' && token.text === '|') simples.push([])
    else simples.at(-1)?.push(token)
  }
  return simples.map(readSimple)
}

function isJoint(token: Token): token is { type: 'operator'; text: Segment['joint'] } {
  return token.type === 'operator' && [';', '&&', '||'].includes(token.text)
}

/** Splits a command line into its pipelines. Throws `ShellSyntaxError`. */
export function parseLine(line: string): Segment[] {
  const segments: Segment[] = []
  let joint: Segment['joint'] = ';'
  let tokens: Token[] = []
  for (const token of [...tokenize(line), { type: 'operator', text: ';' } as Token]) {
    if (!isJoint(token)) tokens.push(token)
    else if (tokens.length > 0) {
      segments.push({ joint, pipeline: readPipeline(tokens) })
      joint = token.text
      tokens = []
    } else if (token.text !== ';') throw new ShellSyntaxError(`syntax error near \`${token.text}'`)
  }
  if (joint !== ';') throw new ShellSyntaxError('syntax error: unexpected end of file')
  return segments
}
