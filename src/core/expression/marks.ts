// Walks a config beside its JSON Schema and tells how each text in it is to be read.
import type { TSchema } from 'typebox'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** See `sdk/text.ts`. */
export type Mark = 'template' | 'cel' | 'raw' | 'shell' | 'sql'

type SchemaObject = { readonly [keyword: string]: unknown }

/** The schemas that may describe a value: unions are kept as alternatives. */
export interface Place {
  readonly pointer: string
  readonly schemas: readonly SchemaObject[]
  /** Named schemas met so far, for `$ref`. */
  readonly definitions: Map<string, unknown>
}

const isSchema = (schema: unknown): schema is SchemaObject =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema)

export function rootPlace(schema: TSchema): Place {
  return { pointer: '', schemas: isSchema(schema) ? [schema] : [], definitions: new Map() }
}

/** How the text at this place is read: the first mark among the alternatives wins. */
export function markOf(place: Place): { mark: Mark; variables: readonly string[] } {
  for (const schema of alternatives(place, '')) {
    const mark = schema['x-text']
    if (mark === 'cel' || mark === 'raw' || mark === 'shell' || mark === 'sql') {
      const variables = schema['x-variables']
      return { mark, variables: Array.isArray(variables) ? variables.map(String) : [] }
    }
  }
  return { mark: 'template', variables: [] }
}

export function itemPlace(place: Place, list: Json[], index: number): Place {
  const schemas = alternatives(place, list).flatMap((schema) => {
    const tuple = Array.isArray(schema.prefixItems) ? schema.prefixItems : schema.items
    const items = Array.isArray(tuple) ? (tuple[index] ?? schema.additionalItems) : schema.items
    return isSchema(items) ? [items] : []
  })
  return { ...place, pointer: `${place.pointer}/${index}`, schemas }
}

export function fieldPlace(place: Place, object: JsonObject, key: string): Place {
  const schemas = alternatives(place, object).flatMap((schema) => fieldSchemas(schema, key))
  const token = key.replaceAll('~', '~0').replaceAll('/', '~1')
  return { ...place, pointer: `${place.pointer}/${token}`, schemas }
}

function fieldSchemas(schema: SchemaObject, key: string): SchemaObject[] {
  const { properties, patternProperties, additionalProperties } = schema
  if (isSchema(properties) && Object.hasOwn(properties, key)) return [properties[key]].filter(isSchema)
  const matching = Object.entries(isSchema(patternProperties) ? patternProperties : {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, field]) => field)
  return (matching.length > 0 ? matching : [additionalProperties]).filter(isSchema)
}

/** All branches of unions that this value may belong to; all of them when none fits well. */
function alternatives(place: Place, value: Json): SchemaObject[] {
  const all = place.schemas.flatMap((schema) => expand(schema, place.definitions, 0))
  const fitting = all.filter((schema) => fits(schema, value))
  return fitting.length > 0 ? fitting : all
}

function expand(schema: SchemaObject, definitions: Place['definitions'], depth: number): SchemaObject[] {
  if (depth > 20) return []
  for (const [name, defined] of Object.entries(schema.$defs ?? {})) definitions.set(name, defined)
  const ref = typeof schema.$ref === 'string' ? schema.$ref : undefined
  const target = ref === undefined ? [] : [definitions.get(ref.split('/').at(-1) ?? ref)]
  const branches = [...target, schema.anyOf, schema.oneOf, schema.allOf].flat().filter(isSchema)
  return [schema, ...branches.flatMap((branch) => expand(branch, definitions, depth + 1))]
}

function fits(schema: SchemaObject, value: Json): boolean {
  if (typeof schema.type === 'string' && schema.type !== typeName(value)) return false
  if (!isJsonObject(value)) return true
  const required = Array.isArray(schema.required) ? schema.required : []
  return required.every((key) => Object.hasOwn(value, String(key))) && constantsFit(schema, value)
}

function constantsFit(schema: SchemaObject, value: JsonObject): boolean {
  return Object.entries(isSchema(schema.properties) ? schema.properties : {}).every(([key, field]) => {
    if (!isSchema(field) || field.const === undefined) return true
    return value[key] === undefined || value[key] === field.const
  })
}

function typeName(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
