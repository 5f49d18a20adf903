// The schema of the inputs: a form is drawn from it, and every start is checked against it.
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type Check, pointerPart, report } from './context.ts'
import { fits } from './schema-errors.ts'

export function checkInputsSchema(check: Check): void {
  const { inputs } = check.document
  if (!inputs) return
  const add = (pointer: string, message: string) =>
    report(check, { code: 'invalid-inputs', message, pointer })
  if (inputs.type !== 'object') add('/inputs/type', 'Inputs are a JSON Schema of type object')
  const before = check.problems.length
  checkSchema(inputs, '/inputs', add)
  if (check.problems.length === before) checkDefaults(inputs as JsonObject, add)
}

type Add = (pointer: string, message: string) => void

const typeNames = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']
const schemaMaps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']
const schemaLists = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const schemaSingles = [
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
]
const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']
const numbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']

function checkSchema(schema: unknown, at: string, add: Add): void {
  if (typeof schema === 'boolean') return
  if (!isJsonObject(schema)) {
    add(at, 'This is not a JSON Schema')
    return
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const message = keywordProblem(keyword, value)
    const below = `${at}/${keyword}`
    if (message) add(below, message)
    else for (const [pointer, child] of childSchemas(keyword, value, below)) checkSchema(child, pointer, add)
  }
}

const rules = new Map<string, (value: Json, keyword: string) => string | undefined>([
  ...schemaMaps.map((keyword) => [keyword, mapProblem] as const),
  ...schemaLists.map((keyword) => [keyword, listProblem] as const),
  ...numbers.map((keyword) => [keyword, says((value) => typeof value === 'number', 'is a number')] as const),
  ...counts.map((keyword) => [keyword, says(isCount, 'is a whole number from 0')] as const),
  ['type', typeProblem],
  ['required', says(isNames, 'is a list of names')],
  ['enum', says(Array.isArray, 'is a list of values')],
  ['pattern', says(isPattern, 'is a regular expression')],
])

const keywordProblem = (keyword: string, value: Json) => rules.get(keyword)?.(value, keyword)

function says(holds: (value: Json) => boolean, what: string) {
  return (value: Json, keyword: string) => (holds(value) ? undefined : `${keyword} ${what}`)
}

function listProblem(value: Json, keyword: string): string | undefined {
  return Array.isArray(value) && value.length > 0 ? undefined : `${keyword} is a list of schemas`
}

function mapProblem(value: Json, keyword: string): string | undefined {
  if (!isJsonObject(value)) return `${keyword} is a map of schemas`
  const wrong = keyword === 'patternProperties' && Object.keys(value).find((key) => !isPattern(key))
  return wrong ? `${wrong} is not a regular expression` : undefined
}

function typeProblem(value: Json): string | undefined {
  const unknown = [value].flat().find((name) => typeof name !== 'string' || !typeNames.includes(name))
  return unknown === undefined ? undefined : `There is no type ${JSON.stringify(unknown)}`
}

function isCount(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function isNames(value: Json): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function isPattern(text: Json): boolean {
  try {
    return typeof text === 'string' && new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function childSchemas(keyword: string, value: Json, at: string): [pointer: string, schema: Json][] {
  if (schemaSingles.includes(keyword) && !Array.isArray(value)) return [[at, value]]
  if (![...schemaMaps, ...schemaLists, ...schemaSingles].includes(keyword)) return []
  return Object.entries(value ?? {}).map(([key, child]) => [`${at}/${pointerPart(key)}`, child])
}

/** A default that its own schema refuses would refuse every start. */
function checkDefaults({ properties }: JsonObject, add: Add): void {
  for (const [name, property] of Object.entries(isJsonObject(properties) ? properties : {})) {
    if (!isJsonObject(property) || property.default === undefined || '$ref' in property) continue
    if (fits(property, property.default)) continue
    const pointer = `/inputs/properties/${pointerPart(name)}/default`
    add(pointer, `The default of ${name} does not fit its own schema`)
  }
}
