// Are these values a record of that collection? Answers the row to write, or every complaint.
import {
  type CollectionSchema,
  type FieldDefinition,
  findRelation,
  type RelationSide,
  recordIdPattern,
} from '../../core/collections.ts'
import { parseDate, parseDatetime } from '../../core/dates.ts'
import type { Problem } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'

export interface CheckedRecord {
  /** Column name → value as PostgreSQL reads it from JSON. */
  row: JsonObject
  /** Ids named for many-to-one relations. */
  references: Array<{ relation: RelationSide; ids: string[] }>
  /** Whole sets of a many-to-many relation. */
  links: Array<{ relation: RelationSide; ids: string[] }>
  problems: Problem[]
}

const recordId = new RegExp(recordIdPattern)
export const maxTextLength = 100_000
const maxJsonDepth = 64

export function isRecordId(value: unknown): value is string {
  return typeof value === 'string' && recordId.test(value)
}

/** `mode: update` lets what is not named stay as it is. Pointers begin with `at`. */
export function checkRecord(
  collection: CollectionSchema,
  values: JsonObject,
  { mode, at }: { mode: 'create' | 'update'; at: string },
): CheckedRecord {
  const checked: CheckedRecord = { row: {}, references: [], links: [], problems: [] }
  for (const [name, value] of Object.entries(values)) {
    const message = checkValue(checked, { collection, name, value, mode })
    if (message) checked.problems.push(recordProblem(message, `${at}/${escapePointer(name)}`))
  }
  if (mode === 'create') checked.problems.push(...missing(collection, values, at))
  return checked
}

export function recordProblem(message: string, pointer: string): Problem {
  return { code: 'invalid-record', message, pointer }
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

interface Named {
  collection: CollectionSchema
  name: string
  value: Json
  mode: 'create' | 'update'
}

function checkValue(checked: CheckedRecord, { collection, name, value, mode }: Named): string | undefined {
  const field = collection.fields.find((each) => each.key === name)
  if (field) return checkField(checked, field, value)
  const relation = findRelation(collection, name)
  if (relation) return checkRelation(checked, relation, value)
  if (name !== 'id') return `${collection.key} has no field ${name} that can be written`
  if (mode === 'update') return 'The id of a record never changes'
  if (!isRecordId(value))
    return `An id is 1 to 128 letters, digits and _ . : -, beginning with a letter or digit`
  checked.row.id = value
  return undefined
}

function checkField(checked: CheckedRecord, field: FieldDefinition, value: Json): string | undefined {
  if (value === null) {
    checked.row[field.key] = null
    return field.required ? `${field.key} is required` : undefined
  }
  const column = toColumn(field, value)
  if ('problem' in column) return `${field.key} ${column.problem}`
  checked.row[field.key] = column.value
  return undefined
}

function checkRelation(checked: CheckedRecord, relation: RelationSide, value: Json): string | undefined {
  switch (relation.kind) {
    case 'one-to-many':
      return `${relation.name} is set from the other side, ${relation.to}.${relation.inverse}`
    case 'many-to-many':
      if (!Array.isArray(value) || !value.every(isRecordId)) return `${relation.name} is a list of record ids`
      checked.links.push({ relation, ids: [...new Set(value.map(String))] })
      return undefined
    case 'many-to-one':
      if (value !== null && !isRecordId(value)) return `${relation.name} is the id of a record`
      if (value === null && relation.required) return `${relation.name} is required`
      checked.row[`${relation.name}_id`] = value
      if (value !== null) checked.references.push({ relation, ids: [value] })
      return undefined
  }
}

function missing(collection: CollectionSchema, values: JsonObject, at: string): Problem[] {
  const fields = collection.fields.filter((field) => field.required).map((field) => field.key)
  const relations = collection.relations
    .filter((each) => each.required && each.owner)
    .map((each) => each.name)
  return [...fields, ...relations]
    .filter((name) => !Object.hasOwn(values, name))
    .map((name) => recordProblem(`${name} is required`, `${at}/${name}`))
}

type Column = { value: Json } | { problem: string }

function toColumn(field: FieldDefinition, value: Json): Column {
  switch (field.type) {
    case 'text':
      return textColumn(value)
    case 'select':
      return typeof value === 'string' && field.options?.includes(value)
        ? { value }
        : { problem: `is one of ${field.options?.join(', ')}` }
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? { value } : { problem: 'is a number' }
    case 'integer':
      return Number.isSafeInteger(value) ? { value } : { problem: 'is a whole number' }
    case 'boolean':
      return typeof value === 'boolean' ? { value } : { problem: 'is true or false' }
    case 'date':
      return parsed(value, parseDate, 'is a date, 2026-01-31')
    case 'datetime':
      return parsed(value, parseDatetime, 'is a time, 2026-01-31T12:00:00Z')
    case 'json':
      return jsonProblem(value) ?? { value }
  }
}

function textColumn(value: Json): Column {
  if (typeof value !== 'string') return { problem: 'is text' }
  if (value.length > maxTextLength) return { problem: `has at most ${maxTextLength} characters` }
  return value.includes('\0') ? { problem: 'may not hold the character U+0000' } : { value }
}

function parsed(value: Json, parse: (text: string) => string | undefined, problem: string): Column {
  const result = typeof value === 'string' ? parse(value) : undefined
  return result === undefined ? { problem } : { value: result }
}

function jsonProblem(value: Json, depth = 0): { problem: string } | undefined {
  if (depth > maxJsonDepth) return { problem: `is nested at most ${maxJsonDepth} deep` }
  if (typeof value === 'string') return value.includes('\0') ? textProblem : undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { problem: 'is JSON' }
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.keys(value).some((key) => key.includes('\0'))) return textProblem
  for (const inner of Object.values(value)) {
    const problem = jsonProblem(inner, depth + 1)
    if (problem) return problem
  }
  return undefined
}

const textProblem = { problem: 'may not hold the character U+0000' }
