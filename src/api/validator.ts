// Checks params, query and body against their schemas; the answer to a misfit points at the field.
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Value } from 'typebox/value'
import { AppError } from '../core/errors.ts'
import { checkJson } from './read-json.ts'

/** The field an error is about: a missing or surplus property is named by its own pointer. */
function pointerOf(error: TLocalizedValidationError): string {
  const at = error.instancePath
  if (error.keyword === 'required') return `${at}/${error.params.requiredProperties[0] ?? ''}`
  if (error.keyword === 'additionalProperties') return `${at}/${error.params.additionalProperties[0] ?? ''}`
  return at
}

/** The deepest complaint says most: unions complain about every arm and then about themselves. */
function mainError(errors: readonly TLocalizedValidationError[]): TLocalizedValidationError | undefined {
  const depth = (error: TLocalizedValidationError) => error.instancePath.split('/').length
  return errors.reduce<TLocalizedValidationError | undefined>(
    (best, error) => (best && depth(best) >= depth(error) ? best : error),
    undefined,
  )
}

/** `value` when it fits; throws `code` with a pointer and every problem otherwise. */
export function fitTo(
  validator: Validator,
  value: unknown,
  code: 'bad-request' | 'invalid-document' = 'bad-request',
): void {
  if (validator.Check(value)) return
  const errors = validator.Errors(value)
  const main = mainError(errors)
  const problems = errors.map((error) => ({ code, message: error.message, pointer: pointerOf(error) }))
  const pointer = main ? pointerOf(main) : ''
  throw new AppError(code, `${pointer || 'The value'}: ${main?.message ?? 'does not fit'}`, {
    pointer,
    problems,
  })
}

export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema) as Validator
  return (input: unknown) => {
    try {
      // Paths and queries are text: numbers and booleans are read from it. Bodies are taken as they are.
      const value = httpPart === 'body' ? input : Value.Convert(schema, input)
      if (httpPart !== 'body') checkJson(value)
      fitTo(validator, value)
      return { value }
    } catch (error) {
      return { error: error as Error }
    }
  }
}
