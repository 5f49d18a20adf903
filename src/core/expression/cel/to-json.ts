// The way out: whatever an expression computed becomes plain JSON, or a typed error.
import type { Json } from '../../json.ts'
import { type Frame, fail, spend, textCost } from './frame.ts'
import { isDuration, isOptional, type Value, type ValueMap } from './values.ts'

/** Lists and maps that are plain already come back as they are, not copied. */
export function toJson(value: Value | undefined, frame: Frame): Json {
  switch (typeof value) {
    case 'string':
      spend(frame, textCost(value.length))
      return value
    case 'number':
      return Number.isFinite(value) ? value : fail(frame, `the result is not a number JSON knows (${value})`)
    case 'boolean':
      return value
    case 'bigint':
      return Number(value)
    case 'undefined':
      return null
    case 'object':
      return value === null ? null : fromObject(value, frame)
    default:
      return fail(frame, `a ${typeof value} is not a JSON value`)
  }
}

function fromObject(value: Exclude<Value, null | string | number | boolean>, frame: Frame): Json {
  spend(frame, 1)
  if (Array.isArray(value)) return fromList(value, frame)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Map) return fromMap(Object.fromEntries(value), frame)
  if (isDuration(value)) return `${value.ms / 1000}s`
  if (isOptional(value)) return toJson(value.value, frame)
  return fromMap(value, frame)
}

function fromList(list: Value[], frame: Frame): Json {
  const plain = list.map((value) => toJson(value, frame))
  return plain.every((value, index) => value === list[index]) ? (list as Json[]) : plain
}

function fromMap(map: ValueMap, frame: Frame): Json {
  const entries = Object.entries(map).map(([key, value]) => [key, toJson(value, frame)] as const)
  return entries.every(([key, value]) => value === map[key])
    ? (map as { [key: string]: Json })
    : Object.fromEntries(entries)
}
