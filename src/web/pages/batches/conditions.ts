// Conditions on any step of a path from the target, as people put them together. Pure; printed as paths.
import type { Collection } from '../../../api/contract/collections.ts'
import { isJsonObject } from '../../../core/json.ts'

export const operators = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'is null', 'is not null'] as const
export type Operator = (typeof operators)[number]

export interface Condition {
  /** `unit.host`; empty: the target itself. */
  step: string
  field: string
  operator: Operator
  value: string
}

export interface Step {
  /** Relations from the target, joined by dots. */
  path: string
  collection: Collection
}

const mostSteps = 60
const deepest = 3

/** The target, and what relations lead to from there, the nearest first. */
export function stepsFrom(key: string, collections: readonly Collection[]): Step[] {
  const byKey = new Map(collections.map((collection) => [collection.key, collection]))
  const start = byKey.get(key)
  if (!start) return []
  const steps: Step[] = [{ path: '', collection: start }]
  let edge = steps
  for (let depth = 0; depth < deepest; depth++) {
    edge = edge.flatMap(({ path, collection }) =>
      collection.relations.flatMap(({ name, to }) => {
        const next = byKey.get(to)
        return next ? [{ path: path ? `${path}.${name}` : name, collection: next }] : []
      }),
    )
    steps.push(...edge)
  }
  return steps.slice(0, mostSteps)
}

type Field = Collection['fields'][number]
const ordered = ['number', 'integer', 'date', 'datetime', 'text']

export function operatorsFor(type: Field['type'] | undefined): Operator[] {
  if (type === undefined || type === 'json') return ['is null', 'is not null']
  return operators.filter((operator) => {
    if (operator === 'contains') return type === 'text' || type === 'select'
    return !/[<>]/.test(operator) || ordered.includes(type)
  })
}

export const takesValue = (operator: Operator): boolean => !operator.startsWith('is ')

/** A condition that lacks its value asks nothing yet. */
export const isWhole = ({ operator, value }: Condition): boolean => !takesValue(operator) || value !== ''

/** One path for each step: what is asked of the same step is asked of the same record. */
export function printConditions(conditions: readonly Condition[], steps: readonly Step[]): string[] {
  const byStep = Map.groupBy(conditions.filter(isWhole), ({ step }) => step)
  return [...byStep].map(([step, own]) => {
    const fields = steps.find(({ path }) => path === step)?.collection.fields ?? []
    const typeOf = (key: string) => fields.find((field) => field.key === key)?.type ?? 'text'
    return `${step}[${own.map((one) => printOne(one, typeOf(one.field))).join(' and ')}]`
  })
}

function printOne({ field, operator, value }: Condition, type: Field['type']): string {
  if (!takesValue(operator)) return `${field} ${operator}`
  if (operator === 'contains') return `${field} like ${quoted(`%${value.replaceAll(/[\\%_]/g, '\\$&')}%`)}`
  const isBare =
    type === 'boolean' || ((type === 'number' || type === 'integer') && !Number.isNaN(Number(value)))
  return `${field} ${operator} ${isBare ? value.trim() : quoted(value)}`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** For the address of the page. */
export const writeConditions = (conditions: readonly Condition[]): string | undefined =>
  conditions.length === 0 ? undefined : JSON.stringify(conditions)

/** What is not understood is dropped. */
export function readConditions(text: string | undefined): Condition[] {
  if (text === undefined) return []
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found.slice(0, 20).flatMap((one) => conditionOf(one) ?? []) : []
  } catch {
    return []
  }
}

function conditionOf(one: unknown): Condition | undefined {
  if (!isJsonObject(one as never)) return undefined
  const { step, field, operator, value } = one as Record<string, unknown>
  const known = operators.find((candidate) => candidate === operator)
  if (typeof step !== 'string' || typeof field !== 'string' || typeof value !== 'string' || !known)
    return undefined
  return { step, field, operator: known, value }
}
