import { type Comparison, comparisons, type FieldName, type Filter, type Literal, type Span } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { invalidPath } from './tokens.ts'

/** Brackets and `not` inside each other; far below what a call stack bears. */
export const maxFilterDepth = 32

/** Reads `or`, the loosest operator, and everything under it. */
export function parseCondition(cursor: Cursor, depth = 0): Filter {
  return joined(cursor, 'or', () => joined(cursor, 'and', () => negation(cursor, depth)))
}

function joined(cursor: Cursor, word: 'and' | 'or', operand: () => Filter): Filter {
  const first = operand()
  const items = [first]
  while (cursor.take(word)) items.push(operand())
  return items.length === 1 ? first : { type: word, items, span: spanOf(first.span, cursor) }
}

function negation(cursor: Cursor, depth: number): Filter {
  const start = cursor.peek().span
  if (depth > maxFilterDepth) throw invalidPath(`A filter is nested at most ${maxFilterDepth} deep`, start)
  if (cursor.take('not')) {
    return { type: 'not', item: negation(cursor, depth + 1), span: spanOf(start, cursor) }
  }
  if (cursor.take('(')) {
    const inner = parseCondition(cursor, depth + 1)
    cursor.expect(')', 'Expected and, or or )')
    return inner
  }
  return predicate(cursor)
}

function predicate(cursor: Cursor): Filter {
  const field = fieldName(cursor)
  if (cursor.take('is')) return nullTest(cursor, field)
  const negated = cursor.take('not')
  if (cursor.take('in')) {
    return { type: 'in', field, values: list(cursor), negated, span: spanOf(field.span, cursor) }
  }
  if (cursor.take('like')) {
    return { type: 'like', field, pattern: pattern(cursor), negated, span: spanOf(field.span, cursor) }
  }
  if (negated) throw invalidPath(`Expected in or like after not, found ${cursor.found()}`, cursor.peek().span)
  return comparison(cursor, field)
}

function fieldName(cursor: Cursor): FieldName {
  const token = cursor.peek()
  if (token.type !== 'name') {
    throw invalidPath(`Expected the name of a field, found ${cursor.found()}`, token.span)
  }
  cursor.next()
  return { type: 'field', name: token.text, span: token.span }
}

function nullTest(cursor: Cursor, field: FieldName): Filter {
  const negated = cursor.take('not')
  cursor.expect('null', negated ? 'Expected null after is not' : 'Expected null or not null after is')
  return { type: 'null', field, negated, span: spanOf(field.span, cursor) }
}

function list(cursor: Cursor): Literal[] {
  cursor.expect('(', 'Expected ( after in')
  const values = [literal(cursor)]
  while (cursor.take(',')) values.push(literal(cursor))
  cursor.expect(')', 'Expected , or )')
  return values
}

function pattern(cursor: Cursor): Literal {
  const value = literal(cursor)
  if (typeof value.value !== 'string') throw invalidPath("Expected text after like, 'web-%'", value.span)
  const slashes = /\\*$/.exec(value.value)?.[0].length ?? 0
  // PostgreSQL refuses such a pattern only when it meets a row; refuse it here, always.
  if (slashes % 2 === 1) throw invalidPath('A pattern may not end with a single \\', value.span)
  return value
}

function comparison(cursor: Cursor, field: FieldName): Filter {
  const token = cursor.peek()
  const op = comparisons.find((each) => token.type === 'symbol' && each === token.text)
  if (!op) throw invalidPath(`Expected an operator after ${field.name}, found ${cursor.found()}`, token.span)
  cursor.next()
  const value = cursor.peek().type === 'name' ? fieldName(cursor) : literal(cursor, op)
  return { type: 'compare', field, op, value, span: spanOf(field.span, cursor) }
}

function literal(cursor: Cursor, op?: Comparison): Literal {
  const token = cursor.next()
  if (token.type === 'text' || token.type === 'number') {
    return { type: 'literal', value: token.value, span: token.span }
  }
  if (token.type === 'keyword' && (token.text === 'true' || token.text === 'false')) {
    return { type: 'literal', value: token.text === 'true', span: token.span }
  }
  if (token.type === 'keyword' && token.text === 'null') throw invalidPath(nullHint(op), token.span)
  throw invalidPath(`Expected a value, found ${token.text || 'the end'}`, token.span)
}

/** SQL would accept it and select nothing, which is never what was meant. */
function nullHint(op: Comparison | undefined): string {
  if (op === undefined) return 'null cannot be listed or matched; add "or … is null"'
  return op === '!=' ? 'Write "is not null"' : 'Write "is null"'
}

function spanOf(start: Span, cursor: Cursor): Span {
  return [start[0], cursor.end()]
}
