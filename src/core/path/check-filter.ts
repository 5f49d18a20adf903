// Does a filter make sense for the records of a collection? Checked before any SQL is made of it.
import { type CollectionSchema, type FieldDefinition, type FieldType, findField } from '../collections.ts'
import { parseDate, parseDatetime } from '../dates.ts'
import type { Problem } from '../errors.ts'
import type { Comparison, FieldName, Filter, Literal, Span } from './ast.ts'

/** What may be compared with what. */
type Family = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'json'

const families: Record<FieldType, Family> = {
  text: 'text',
  select: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  json: 'json',
}

const expected: Record<Family, string> = {
  text: "text, 'so'",
  number: 'a number',
  boolean: 'true or false',
  date: "a date, '2026-01-31'",
  datetime: "a time, '2026-01-31T12:00:00Z'",
  json: 'nothing',
}

export function pathProblem(message: string, span: Span): Problem {
  return { code: 'invalid-path', message, pointer: '', span }
}

/** Every complaint about `filter` for records of `collection`; empty when it can be compiled. */
export function checkFilter(filter: Filter, collection: CollectionSchema): Problem[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.items.flatMap((item) => checkFilter(item, collection))
    case 'not':
      return checkFilter(filter.item, collection)
    default:
      return checkPredicate(filter, collection)
  }
}

type Predicate = Exclude<Filter, { type: 'and' | 'or' | 'not' }>

function checkPredicate(filter: Predicate, collection: CollectionSchema): Problem[] {
  const field = findField(collection, filter.field.name)
  if (!field) return [unknownField(filter.field, collection)]
  if (filter.type === 'null') return []
  if (field.type === 'json') {
    return [pathProblem(`${field.key} is JSON: only "is null" can be asked of it`, filter.span)]
  }
  if (filter.type === 'in') return filter.values.flatMap((value) => checkLiteral(field, value))
  if (filter.type === 'like') return checkLike(field, filter.span)
  const order = checkOrder(field, filter.op, filter.span)
  if (order.length > 0) return order
  return filter.value.type === 'literal'
    ? checkLiteral(field, filter.value)
    : checkOther(field, filter.value, collection)
}

function unknownField(field: FieldName, collection: CollectionSchema): Problem {
  const known = collection.fields.map((each) => each.key).join(', ')
  return pathProblem(`${collection.key} has no field ${field.name}; it has ${known || 'none'}`, field.span)
}

function checkLike(field: FieldDefinition, span: Span): Problem[] {
  if (families[field.type] === 'text') return []
  return [pathProblem(`like is for text; ${field.key} is of type ${field.type}`, span)]
}

function checkOrder(field: FieldDefinition, op: Comparison, span: Span): Problem[] {
  const ordered = field.type !== 'boolean' && field.type !== 'select'
  if (ordered || op === '=' || op === '!=') return []
  return [pathProblem(`Values of ${field.key} have no order; use =, != or in`, span)]
}

function checkOther(field: FieldDefinition, name: FieldName, collection: CollectionSchema): Problem[] {
  const other = findField(collection, name.name)
  if (!other) return [unknownField(name, collection)]
  if (families[other.type] === families[field.type]) return []
  const types = `${field.key} (${field.type}) and ${other.key} (${other.type})`
  return [pathProblem(`${types} cannot be compared`, name.span)]
}

function checkLiteral(field: FieldDefinition, literal: Literal): Problem[] {
  const family = families[field.type]
  if (!fits(family, literal.value)) {
    return [pathProblem(`${field.key} is of type ${field.type}: expected ${expected[family]}`, literal.span)]
  }
  if (field.type === 'select' && !field.options?.includes(String(literal.value))) {
    const options = field.options?.join(', ') ?? ''
    return [pathProblem(`${literal.value} is not an option of ${field.key}: ${options}`, literal.span)]
  }
  return []
}

function fits(family: Family, value: Literal['value']): boolean {
  switch (family) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && parseDate(value) !== undefined
    case 'datetime':
      return typeof value === 'string' && parseDatetime(value) !== undefined
    case 'json':
      return false
  }
}
