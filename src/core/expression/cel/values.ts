// The values an expression works on: JSON, and three kinds that live only while it is evaluated.
import type { Json } from '../../json.ts'

const durationMark: unique symbol = Symbol('duration')
const optionalMark: unique symbol = Symbol('optional')

export interface Duration {
  readonly [durationMark]: true
  readonly ms: number
}

/** What `a.?b` gives: a value, or none when `value` is undefined. */
export interface Optional {
  readonly [optionalMark]: true
  readonly value: Value | undefined
}

/** A `Date` is a CEL timestamp. */
export type Value = null | boolean | number | string | Date | Duration | Optional | Value[] | ValueMap
export type ValueMap = { [key: string]: Value }

export type Kind =
  | 'null'
  | 'bool'
  | 'number'
  | 'string'
  | 'timestamp'
  | 'duration'
  | 'optional'
  | 'list'
  | 'map'

export const duration = (ms: number): Duration => Object.freeze({ [durationMark]: true as const, ms })
export const optional = (value: Value | undefined): Optional => ({ [optionalMark]: true, value })
export const none: Optional = Object.freeze(optional(undefined))

export function isDuration(value: Value | undefined): value is Duration {
  return typeof value === 'object' && value !== null && durationMark in value
}

export function isOptional(value: Value | undefined): value is Optional {
  return typeof value === 'object' && value !== null && optionalMark in value
}

/** What an optional holds; none is null. Everything else is itself. */
export const unwrap = (value: Value): Value => (isOptional(value) ? (value.value ?? null) : value)

export function isMap(value: Value | undefined): value is ValueMap {
  return value !== undefined && kindOf(value) === 'map'
}

export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Date) return 'timestamp'
  if (durationMark in value) return 'duration'
  return optionalMark in value ? 'optional' : 'map'
}

/** The field of a map, if it is the map's own; never anything inherited. */
export function ownField(map: object, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? (map as ValueMap)[name] : undefined
}

/** How a JSON value stands in a text: strings as they are, null as nothing, lists and maps as JSON. */
export function toText(value: Json): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
