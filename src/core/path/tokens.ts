// Cuts the text of a path into tokens and explains the characters that have no place in one.
import { AppError } from '../errors.ts'
import { type Keyword, keywords, type Span } from './ast.ts'

export type Token =
  | { type: 'name'; text: string; span: Span }
  | { type: 'keyword'; text: Keyword; span: Span }
  | { type: 'text'; value: string; text: string; span: Span }
  | { type: 'number'; value: number; text: string; span: Span }
  | { type: 'symbol'; text: string; span: Span }
  | { type: 'end'; text: ''; span: Span }

export const maxPathLength = 4000

const space = /\s+/y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y
const text = /'(?:[^']|'')*'/y
const symbol = /!=|<=|>=|[=<>()[\].,]/y

const hints: ReadonlyArray<readonly [start: RegExp, hint: string]> = [
  [/'/y, 'This text has no closing quote'],
  [/"/y, "Text is written in single quotes, 'like this'"],
  [/\{\{/y, 'A path is fixed text; {{ }} has no place in it'],
  [/==/y, 'Equality is written ='],
  [/<>/y, 'Inequality is written !='],
  [/&&/y, 'Write and'],
  [/\|\|/y, 'Write or'],
  [/!/y, 'Write not, or !='],
]

export function invalidPath(message: string, span: Span): AppError {
  return new AppError('invalid-path', message, { span })
}

/** Throws AppError `invalid-path` with the span of the first character that fits nowhere. */
export function tokenize(source: string): Token[] {
  if (source.length > maxPathLength) {
    throw invalidPath(`A path has at most ${maxPathLength} characters`, [maxPathLength, source.length])
  }
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const blank = match(space, source, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const token = readToken(source, at)
    tokens.push(token)
    at = token.span[1]
  }
  tokens.push({ type: 'end', text: '', span: [source.length, source.length] })
  return tokens
}

function readToken(source: string, at: number): Token {
  refuseLookalikes(source, at)
  const quoted = match(text, source, at)
  if (quoted !== undefined) return textToken(quoted, at)
  const digits = match(number, source, at)
  if (digits !== undefined) return numberToken(digits, at)
  const name = match(word, source, at)
  if (name !== undefined) return wordToken(name, at)
  const sign = match(symbol, source, at)
  if (sign !== undefined) return { type: 'symbol', text: sign, span: [at, at + sign.length] }
  throw unexpected(source, at)
}

/** `==` and `<>` would otherwise be read as two symbols and explained badly. */
function refuseLookalikes(source: string, at: number): void {
  if (source.startsWith('==', at) || source.startsWith('<>', at)) throw unexpected(source, at)
}

function textToken(quoted: string, at: number): Token {
  const zero = quoted.indexOf('\0')
  if (zero >= 0) throw invalidPath('Text may not hold the character U+0000', [at + zero, at + zero + 1])
  const value = quoted.slice(1, -1).replaceAll("''", "'")
  return { type: 'text', value, text: quoted, span: [at, at + quoted.length] }
}

function numberToken(digits: string, at: number): Token {
  const span: Span = [at, at + digits.length]
  const value = Number(digits)
  if (!Number.isFinite(value)) throw invalidPath('This number is too large', span)
  // Minus zero is zero to everybody but JavaScript.
  return { type: 'number', value: value === 0 ? 0 : value, text: digits, span }
}

function wordToken(name: string, at: number): Token {
  const span: Span = [at, at + name.length]
  const lower = name.toLowerCase()
  const keyword = keywords.find((each) => each === lower)
  return keyword ? { type: 'keyword', text: keyword, span } : { type: 'name', text: name, span }
}

function unexpected(source: string, at: number): AppError {
  const hint = hints.find(([start]) => match(start, source, at) !== undefined)
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  const end = source.startsWith("'", at) ? source.length : at + character.length
  return invalidPath(hint?.[1] ?? `The character ${JSON.stringify(character)} has no place here`, [at, end])
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}
