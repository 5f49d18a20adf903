import type { TSchema } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import { Value } from 'typebox/value'
import { AppError, type ErrorCode, type Problem } from '../../core/errors.ts'

/** Where `value` departs from `schema`; pointers begin with `at`. */
export function problemsOfShape(schema: TSchema, value: unknown, at: string): Problem[] {
  if (Value.Check(schema, value)) return []
  // `boolean` says "schema is false" of a property that `additionalProperties` names better.
  const errors = Value.Errors(schema, value).filter((error) => error.keyword !== 'boolean')
  return errors.map((error) => ({
    code: 'invalid-collection',
    message: error.message,
    pointer: at + error.instancePath + surplus(error),
  }))
}

function surplus(error: TLocalizedValidationError): string {
  return error.keyword === 'additionalProperties' ? `/${error.params.additionalProperties[0]}` : ''
}

/** Throws AppError `code` for the first problem, with all of them in its details. */
export function throwFirst(code: ErrorCode, problems: readonly Problem[]): void {
  const first = problems[0]
  if (first) throw new AppError(code, first.message, { pointer: first.pointer, problems })
}
