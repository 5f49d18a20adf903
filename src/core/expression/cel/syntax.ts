// Text → syntax tree, by the parser of cel-js, within limits and with our errors.
import { type ASTNode, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js'
import { AppError } from '../../errors.ts'
import { acceptOptionalChaining } from '../scan.ts'
import { failAt } from './frame.ts'

export type { ASTNode }

export const maxExpressionLength = 10_000
const limits = {
  maxAstNodes: 5000,
  maxDepth: 100,
  maxListElements: 1000,
  maxMapEntries: 1000,
  maxCallArguments: 32,
}
const environment = new Environment({ enableOptionalTypes: true, limits })

/** Throws AppError `invalid-expression`. */
export function parseSyntax(source: string): ASTNode {
  if (source.trim() === '') failAt([0, source.length], 'the expression is empty')
  if (source.length > maxExpressionLength) {
    failAt(
      [maxExpressionLength, source.length],
      `an expression has at most ${maxExpressionLength} characters`,
    )
  }
  try {
    return environment.parse(acceptOptionalChaining(source)).ast
  } catch (error) {
    throw syntaxError(error, source)
  }
}

function syntaxError(error: unknown, source: string): AppError {
  const whole = [0, source.length] as const
  if (error instanceof ParseError || error instanceof EvaluationError) {
    const span = error.range ? ([error.range.start, error.range.end] as const) : whole
    return new AppError('invalid-expression', describe(error, source), { span })
  }
  return new AppError('invalid-expression', 'the expression is nested too deeply', {
    span: whole,
    cause: error,
  })
}

function describe(error: ParseError | EvaluationError, source: string): string {
  if (source.trimStart().startsWith('{{')) return 'this is an expression already: write it without {{ and }}'
  if (error.code === 'limit_exceeded') return 'the expression is too large or nested too deeply'
  const summary = error.summary.charAt(0).toLowerCase() + error.summary.slice(1)
  return summary
    .replace('token: EOF', 'end of the expression')
    .replace('got EOF', 'got the end of the expression')
}
