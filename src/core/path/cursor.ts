import { invalidPath, type Token, tokenize } from './tokens.ts'

/** A place in a list of tokens. */
export interface Cursor {
  peek(): Token
  next(): Token
  /** Steps over the symbol or keyword when it is next. */
  take(text: string): boolean
  /** Throws AppError `invalid-path` unless the symbol or keyword is next. */
  expect(text: string, message: string): Token
  /** The next token as a message calls it. */
  found(): string
  /** Where the last token that was stepped over ends. */
  end(): number
}

export function openCursor(source: string): Cursor {
  const tokens = tokenize(source)
  let at = 0
  const peek = () => tokens[at] as Token
  const next = () => {
    const token = peek()
    if (token.type !== 'end') at += 1
    return token
  }
  const found = () => (peek().type === 'end' ? 'the end' : peek().text)
  const is = (text: string) => (peek().type === 'symbol' || peek().type === 'keyword') && peek().text === text
  return {
    peek,
    next,
    found,
    take: (text) => is(text) && next() !== undefined,
    expect(text, message) {
      if (!is(text)) throw invalidPath(`${message}, found ${found()}`, peek().span)
      return next()
    },
    end: () => tokens[at - 1]?.span[1] ?? 0,
  }
}
