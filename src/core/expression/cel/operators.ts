// The operators. There is one kind of number; values of different kinds are unequal, never an error.
import { type Frame, fail, spend, textCost } from './frame.ts'
import { duration, isDuration, isMap, kindOf, ownField, type Value } from './values.ts'

export type Operator = (left: Value, right: Value, frame: Frame) => Value

export function equals(left: Value, right: Value, frame: Frame): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  spend(frame, 1)
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(left, right, frame)
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime()
  if (isDuration(left)) return isDuration(right) && left.ms === right.ms
  return isMap(left) && isMap(right) && equalMaps(left, right, frame)
}

function equalLists(left: Value[], right: Value[], frame: Frame): boolean {
  if (left.length !== right.length) return false
  spend(frame, left.length)
  return left.every((value, index) => equals(value, right[index] as Value, frame))
}

function equalMaps(left: Record<string, Value>, right: Record<string, Value>, frame: Frame): boolean {
  const keys = Object.keys(left)
  spend(frame, keys.length)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every(
    (key) => Object.hasOwn(right, key) && equals(left[key] as Value, right[key] as Value, frame),
  )
}

/** Negative, zero or positive. Numbers, texts, booleans, timestamps and durations have an order. */
export function compare(left: Value, right: Value, frame: Frame): number {
  const a = orderOf(left)
  const b = orderOf(right)
  if (a === undefined || b === undefined || kindOf(left) !== kindOf(right)) {
    return fail(frame, `cannot compare ${article(left)} with ${article(right)}`)
  }
  if (a === b) return 0
  return a < b ? -1 : 1
}

function orderOf(value: Value): number | string | boolean | undefined {
  if (value instanceof Date) return value.getTime()
  if (typeof value !== 'object') return value
  return isDuration(value) ? value.ms : undefined
}

export const article = (value: Value): string => (value === null ? 'null' : `a ${kindOf(value)}`)

function refuse(frame: Frame, sign: string, [left, right]: readonly [Value, Value]): never {
  const hint =
    sign === '+' && (typeof left === 'string' || typeof right === 'string')
      ? '; use string(…) to make a text'
      : ''
  return fail(frame, `cannot use ${sign} with ${article(left)} and ${article(right)}${hint}`)
}

const add: Operator = (left, right, frame) => {
  if (typeof left === 'number' && typeof right === 'number') return left + right
  if (typeof left === 'string' && typeof right === 'string') {
    spend(frame, textCost(left.length + right.length))
    return left + right
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    spend(frame, left.length + right.length)
    return left.concat(right)
  }
  if (isDuration(left) && right instanceof Date) return moment(right.getTime() + left.ms, frame)
  if (isDuration(right) && left instanceof Date) return moment(left.getTime() + right.ms, frame)
  if (isDuration(left) && isDuration(right)) return duration(left.ms + right.ms)
  return refuse(frame, '+', [left, right])
}

const subtract: Operator = (left, right, frame) => {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (left instanceof Date && right instanceof Date) return duration(left.getTime() - right.getTime())
  if (left instanceof Date && isDuration(right)) return moment(left.getTime() - right.ms, frame)
  if (isDuration(left) && isDuration(right)) return duration(left.ms - right.ms)
  return refuse(frame, '-', [left, right])
}

/** A timestamp within the years JavaScript knows. */
export function moment(ms: number, frame: Frame): Date {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? fail(frame, 'the time is out of range') : date
}

const multiply: Operator = (left, right, frame) =>
  typeof left === 'number' && typeof right === 'number' ? left * right : refuse(frame, '*', [left, right])

const divide: Operator = (left, right, frame) => {
  if (typeof left !== 'number' || typeof right !== 'number') return refuse(frame, '/', [left, right])
  return right === 0 ? fail(frame, 'division by zero') : left / right
}

const remainder: Operator = (left, right, frame) => {
  if (typeof left !== 'number' || typeof right !== 'number') return refuse(frame, '%', [left, right])
  return right === 0 ? fail(frame, 'division by zero') : left % right
}

const isIn: Operator = (left, right, frame) => {
  if (Array.isArray(right)) {
    spend(frame, right.length)
    return right.some((value) => equals(left, value, frame))
  }
  if (isMap(right)) return ownField(right, keyOf(left, frame)) !== undefined
  return fail(frame, `cannot look for a value in ${article(right)}; in wants a list or a map`)
}

/** The key of a map as JSON knows it. */
export function keyOf(key: Value, frame: Frame): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'boolean') return String(key)
  return fail(frame, `${article(key)} cannot be a key of a map`)
}

export const operators: Readonly<Record<string, Operator>> = {
  '==': (left, right, frame) => equals(left, right, frame),
  '!=': (left, right, frame) => !equals(left, right, frame),
  '<': (left, right, frame) => compare(left, right, frame) < 0,
  '<=': (left, right, frame) => compare(left, right, frame) <= 0,
  '>': (left, right, frame) => compare(left, right, frame) > 0,
  '>=': (left, right, frame) => compare(left, right, frame) >= 0,
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  in: isIn,
}
