// Inputs of a start, checked against the workflow's schema; defaults are filled in.
import Schema from 'typebox/schema'
import { AppError } from './errors.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { explainErrors } from './validate/explain-errors.ts'

/** Throws `invalid-inputs` with a pointer to the first input at fault. */
export function checkInputs(schema: object | undefined, given: unknown): JsonObject {
  if (!isJsonObject(given))
    throw new AppError('invalid-inputs', 'Inputs are an object.', { pointer: '/inputs' })
  if (!schema) return given
  const inputs = withDefaults(schema as JsonObject, given)
  const [valid, errors] = Schema.Errors(schema as never, inputs)
  if (valid) return inputs
  const problems = explainErrors(errors).map(({ pointer, ...misfit }) => ({
    code: 'invalid-inputs',
    ...misfit,
    pointer: `/inputs${pointer}`,
  }))
  const [first] = problems
  throw new AppError('invalid-inputs', `${first?.pointer}: ${first?.message}`, {
    problems,
    ...(first ? { pointer: first.pointer } : {}),
  })
}

function withDefaults(schema: JsonObject, given: JsonObject): JsonObject {
  const { properties } = schema
  if (!isJsonObject(properties)) return given
  const inputs: JsonObject = { ...given }
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(inputs, name) || !isJsonObject(property) || property.default === undefined) continue
    inputs[name] = property.default
  }
  return inputs
}
