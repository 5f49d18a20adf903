// Finds its way through CEL text without parsing it: string literals, comments, the end of a hole.

/** The offset behind the string literal or comment that starts at `at`; `at` itself when none does. */
export function skipLiteral(source: string, at: number): number {
  const char = source[at]
  if (char === '/' && source[at + 1] === '/') {
    const newline = source.indexOf('\n', at)
    return newline < 0 ? source.length : newline
  }
  if (char === '"' || char === "'") return skipString(source, at, char)
  return at
}

function skipString(source: string, at: number, quote: string): number {
  const triple = quote.repeat(3)
  const close = source.startsWith(triple, at) ? triple : quote
  let position = at + close.length
  while (position < source.length) {
    if (source[position] === '\\') position += 2
    else if (source.startsWith(close, position)) return position + close.length
    else position += 1
  }
  return source.length
}

/** The offset of the `}}` that closes a hole whose expression starts at `at`, or -1. Braces of maps nest. */
export function findHoleEnd(source: string, at: number): number {
  let depth = 0
  let position = at
  while (position < source.length) {
    const behind = skipLiteral(source, position)
    if (behind > position) {
      position = behind
      continue
    }
    const char = source[position]
    if (char === '}' && depth === 0 && source[position + 1] === '}') return position
    if (char === '{') depth += 1
    if (char === '}') depth -= 1
    position += 1
  }
  return -1
}

/** `a?.b`, as in JavaScript, means the same as CEL's `a.?b`. Offsets stay what they are. */
export function acceptOptionalChaining(source: string): string {
  if (!source.includes('?.')) return source
  let result = ''
  let position = 0
  while (position < source.length) {
    const behind = skipLiteral(source, position)
    if (behind > position) {
      result += source.slice(position, behind)
      position = behind
    } else if (source.startsWith('?.', position)) {
      result += '.?'
      position += 2
    } else {
      result += source[position]
      position += 1
    }
  }
  return result
}
