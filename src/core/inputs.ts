// Inputs of a start, checked against the workflow's schema; defaults are filled in.
import Schema from 'typebox/schema'
import { AppError } from './errors.ts'
import { isJsonObject, type JsonObject } from './json.ts'

/** Throws `invalid-inputs` with a pointer to the first input at fault. */
export function checkInputs(schema: object | undefined, given: unknown): JsonObject {
  if (!isJsonObject(given))
    throw new AppError('invalid-inputs', 'Inputs are an object.', { pointer: '/inputs' })
  if (!schema) return given
  const inputs = withDefaults(schema as JsonObject, given)
  const [valid, errors] = Schema.Errors(schema as never, inputs)
  if (valid) return inputs
  const problems = errors.map((error) => ({
    code: 'invalid-inputs',
    message: error.message,
    pointer: `/inputs${pointerOf(error)}`,
  }))
  const first = problems[0]
  throw new AppError(
    'invalid-inputs',
    first ? `${first.pointer}: ${first.message}` : 'The inputs are not valid.',
    {
      problems,
      ...(first ? { pointer: first.pointer } : {}),
    },
  )
}

function pointerOf(error: { instancePath: string; params?: unknown }): string {
  const params = error.params as
    | { requiredProperties?: string[]; additionalProperties?: string[] }
    | undefined
  const name = params?.requiredProperties?.[0] ?? params?.additionalProperties?.[0]
  return name === undefined ? error.instancePath : `${error.instancePath}/${name}`
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
