// Values that fit a schema, made from the schema: for tests that are generated from the route table.
import type { TSchema } from 'typebox'

/** By name of the property, where a schema alone does not say what makes sense. */
export type Known = Readonly<Record<string, unknown>>

interface JsonSchema {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minItems?: number
  minLength?: number
  minimum?: number
  format?: string
}

/** `full`: optional properties too. */
export function sampleOf(schema: TSchema, known: Known, how: { full: boolean }): unknown {
  return sample(schema as JsonSchema, { name: '', known, ...how })
}

interface At {
  name: string
  known: Known
  full: boolean
}

function sample(schema: JsonSchema, at: At): unknown {
  if (Object.hasOwn(at.known, at.name)) return at.known[at.name]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sample(schema.anyOf[0] as JsonSchema, at)
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, at)
    case 'array':
      return Array.from({ length: at.full ? 1 : (schema.minItems ?? 0) }, () =>
        sample(schema.items ?? {}, at),
      )
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'string':
      return schema.format === 'date-time'
        ? '2026-01-02T03:04:05.000Z'
        : 'x'.repeat(Math.max(1, schema.minLength ?? 1))
    default:
      return {}
  }
}

function sampleObject({ properties = {}, required = [] }: JsonSchema, at: At): Record<string, unknown> {
  const wanted = Object.entries(properties).filter(([name]) => at.full || required.includes(name))
  return Object.fromEntries(wanted.map(([name, schema]) => [name, sample(schema, { ...at, name })]))
}
