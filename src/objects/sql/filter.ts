// A checked filter as SQL. Nulls behave as SQL has it: a comparison with null selects nothing, `not` of it neither.
import {
  type CollectionSchema,
  type FieldDefinition,
  type FieldType,
  findField,
} from '../../core/collections.ts'
import { parseDatetime } from '../../core/dates.ts'
import { AppError } from '../../core/errors.ts'
import type { FieldName, Filter, Literal } from '../../core/path/ast.ts'
import { checkFilter } from '../../core/path/check-filter.ts'
import { columnOf } from './names.ts'
import type { Params } from './params.ts'

export interface FilterTarget {
  collection: CollectionSchema
  /** Of the table in the statement. */
  alias: string
  params: Params
}

const sqlTypes: Record<Exclude<FieldType, 'json'>, string> = {
  text: 'text',
  select: 'text',
  number: 'float8',
  // Not bigint: a filter may well say `cpu > 1.5`.
  integer: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
}

/** Throws AppError `invalid-path` when the filter does not fit the collection. */
export function compileFilter(filter: Filter, target: FilterTarget): string {
  const problems = checkFilter(filter, target.collection)
  const first = problems[0]
  if (first) {
    throw new AppError('invalid-path', first.message, { problems, ...(first.span && { span: first.span }) })
  }
  return compile(filter, target)
}

function compile(filter: Filter, target: FilterTarget): string {
  switch (filter.type) {
    case 'and':
    case 'or':
      return `(${filter.items.map((item) => compile(item, target)).join(` ${filter.type} `)})`
    case 'not':
      return `(not ${compile(filter.item, target)})`
    case 'null':
      return `(${column(filter.field, target)} is ${not(filter)}null)`
    case 'like':
      return `(${column(filter.field, target)} ${not(filter)}like ${target.params.add(filter.pattern.value, 'text')})`
    case 'in':
      return compileIn(filter, target)
    case 'compare':
      return compileComparison(filter, target)
  }
}

function compileIn(filter: Extract<Filter, { type: 'in' }>, target: FilterTarget): string {
  const field = fieldOf(filter.field, target)
  const values = filter.values.map((literal) => parameter(field, literal))
  const list = target.params.add(values, `${typeOf(field)}[]`)
  const name = column(filter.field, target)
  return filter.negated ? `(${name} <> all (${list}))` : `(${name} = any (${list}))`
}

function compileComparison(filter: Extract<Filter, { type: 'compare' }>, target: FilterTarget): string {
  const field = fieldOf(filter.field, target)
  const left = column(filter.field, target)
  const right =
    filter.value.type === 'field'
      ? column(filter.value, target)
      : target.params.add(parameter(field, filter.value), typeOf(field))
  const op = filter.op === '!=' ? '<>' : filter.op
  // The order of text is the same on every server, whatever its locale.
  return typeOf(field) === 'text' ? `(${left} ${op} ${right} collate "C")` : `(${left} ${op} ${right})`
}

function fieldOf(name: FieldName, target: FilterTarget): FieldDefinition {
  const field = findField(target.collection, name.name)
  if (!field) throw new Error(`Unchecked filter: ${name.name}`)
  return field
}

function typeOf(field: FieldDefinition): string {
  if (field.type === 'json') throw new Error(`Unchecked filter: ${field.key} is JSON`)
  return sqlTypes[field.type]
}

function column(name: FieldName, target: FilterTarget): string {
  return `${target.alias}.${columnOf(target.collection, fieldOf(name, target).key)}`
}

function parameter(field: FieldDefinition, literal: Literal): Literal['value'] {
  if (field.type !== 'datetime') return literal.value
  return parseDatetime(String(literal.value)) ?? literal.value
}

const not = (filter: { negated: boolean }) => (filter.negated ? 'not ' : '')
