// CEL as users have it: one kind of number, own properties only, bounded in size and work.
import { AppError } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { boundedCache } from './cache.ts'
import { compileExpression } from './cel/compile.ts'
import { newFrame, type Run, tooCostly } from './cel/frame.ts'
import { collectReferences, type LocatedReference, type Reference } from './cel/references.ts'
import { type ASTNode, parseSyntax } from './cel/syntax.ts'
import { toJson } from './cel/to-json.ts'
import type { Value } from './cel/values.ts'

export type { Reference } from './cel/references.ts'

/** A parsed expression. Read it with the functions of this file only. */
export interface Expression {
  readonly source: string
  readonly run: Run
  readonly references: readonly LocatedReference[]
  /** The result is a piece of the scope, so it is JSON already. */
  readonly isMember: boolean
}

const cache = boundedCache<Expression>(4000)

/** Throws AppError `invalid-expression` with the span of the fault. */
export function parseExpression(source: string): Expression {
  const known = cache.get(source)
  if (known) return known
  const ast = parseSyntax(source)
  const expression = {
    source,
    run: compileExpression(ast),
    references: collectReferences(ast),
    isMember: isPlainMember(ast),
  }
  cache.set(source, expression)
  return expression
}

function isPlainMember(node: ASTNode): boolean {
  if (node.op === 'id') return true
  return (node.op === '.' || node.op === '[]') && isPlainMember(node.args[0])
}

/**
 * The value of an expression, as plain JSON; parts of the scope are handed through, not copied.
 * Throws AppError `invalid-expression` naming what is missing, with its span.
 */
export function evaluateExpression(expression: Expression, scope: JsonObject): Json {
  const frame = newFrame(scope)
  try {
    const value: Value = expression.run(frame)
    if (frame.left < 0) throw tooCostly(frame.span)
    return expression.isMember ? (value as Json) : toJson(value, frame)
  } catch (error) {
    if (error instanceof AppError) throw error
    const span = [0, expression.source.length] as const
    throw new AppError('invalid-expression', 'the expression cannot be evaluated', { span, cause: error })
  }
}

/** The static member chains an expression reads, without variables of its own. */
export function references(expression: Expression): readonly Reference[] {
  return expression.references.map(({ root, path }) => ({ root, path }))
}
