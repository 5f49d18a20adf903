// Recursive descent over the tokens of a path. Everything it refuses is an AppError that points into the text.
import type { Filter, Path, Step } from './ast.ts'
import { type Cursor, openCursor } from './cursor.ts'
import { parseCondition } from './parse-filter.ts'
import { invalidPath } from './tokens.ts'

export const maxSteps = 16

/**
 * Reads a path such as `unit.app_instances[status = 'running'].host`; the empty text is the target itself.
 * Throws AppError `invalid-path` with a span.
 */
export function parsePath(source: string): Path {
  const cursor = openCursor(source)
  const filter = bracket(cursor)
  const steps: Step[] = []
  if (filter === undefined && cursor.peek().type !== 'end') steps.push(step(cursor))
  while (cursor.take('.')) {
    if (steps.length === maxSteps) {
      throw invalidPath(`A path has at most ${maxSteps} steps`, cursor.peek().span)
    }
    steps.push(step(cursor))
  }
  const rest = cursor.peek()
  if (rest.type !== 'end') throw invalidPath(`Expected . or the end, found ${cursor.found()}`, rest.span)
  return filter ? { filter, steps } : { steps }
}

/** Reads what stands between the brackets of a path. Throws AppError `invalid-path` with a span. */
export function parseFilter(source: string): Filter {
  const cursor = openCursor(source)
  const filter = parseCondition(cursor)
  const rest = cursor.peek()
  if (rest.type !== 'end')
    throw invalidPath(`Expected and, or or the end, found ${cursor.found()}`, rest.span)
  return filter
}

function step(cursor: Cursor): Step {
  const token = cursor.peek()
  if (token.type !== 'name') {
    throw invalidPath(`Expected the name of a relation, found ${cursor.found()}`, token.span)
  }
  cursor.next()
  const filter = bracket(cursor)
  return filter ? { name: token.text, filter, span: token.span } : { name: token.text, span: token.span }
}

function bracket(cursor: Cursor): Filter | undefined {
  if (!cursor.take('[')) return undefined
  const filter = parseCondition(cursor)
  cursor.expect(']', 'Expected and, or or ]')
  return filter
}
