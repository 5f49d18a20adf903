// Checks params, query and body against their schemas; the answer to a misfit points at the field.
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Value } from 'typebox/value'
import { AppError, type Problem } from '../core/errors.ts'
import { explainErrors } from '../core/validate/explain-errors.ts'
import { checkJson } from './read-json.ts'

/** `value` when it fits; throws `code` with a pointer and every problem otherwise. */
export function fitTo(
  validator: Validator,
  value: unknown,
  code: 'bad-request' | 'invalid-document' = 'bad-request',
): void {
  if (validator.Check(value)) return
  const problems = explainErrors(validator.Errors(value)).map((misfit) => ({ code, ...misfit }))
  const main = deepest(problems)
  throw new AppError(code, `${main.pointer || 'The value'}: ${main.message}`, {
    pointer: main.pointer,
    problems,
  })
}

/** It says most. */
const deepest = (problems: Problem[]): Problem =>
  problems.reduce((best, one) => (depthOf(best) >= depthOf(one) ? best : one))
const depthOf = ({ pointer }: Problem) => pointer.split('/').length

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
