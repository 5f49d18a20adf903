// Functions over numbers.
import { type Frame, fail } from '../frame.ts'
import { article, compare } from '../operators.ts'
import type { Value } from '../values.ts'
import { define, type Functions, indexArg, listArg, numberArg } from './function.ts'

const mapped = (run: (number: number) => number) =>
  define([1, 1], ([value], frame) => run(numberArg(value, frame)))

/** Halves away from zero; `digits` behind the point. */
function round([value, digits]: readonly Value[], frame: Frame): Value {
  const number = numberArg(value, frame)
  const places = digits === undefined ? 0 : indexArg(digits, 15, frame)
  const rounded = shiftPoint(Math.round(shiftPoint(Math.abs(number), places)), -places)
  return number < 0 ? -rounded : rounded
}

/** Moves the decimal point in the written number, so that 1.005 rounds as it reads. */
function shiftPoint(number: number, places: number): number {
  const [digits, exponent = '0'] = String(number).split('e')
  return Number(`${digits}e${Number(exponent) + places}`)
}

function toNumber(value: Value | undefined, frame: Frame): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.getTime() / 1000
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isFinite(number)) return number
  return fail(frame, `${typeof value === 'string' ? 'this text' : article(value ?? null)} is not a number`)
}

/** `max(1, 2, 3)` and `max([1, 2, 3])`. */
function extreme(sign: 1 | -1) {
  return define([1, 32], (args, frame) => {
    const values = args.length === 1 ? listArg(args[0], frame) : args
    const [first, ...rest] = values
    if (first === undefined) return fail(frame, 'an empty list has neither a least nor a greatest value')
    return rest.reduce<Value>((best, value) => (compare(value, best, frame) * sign > 0 ? value : best), first)
  })
}

const double = define([1, 1], ([value], frame) => toNumber(value, frame))

export const numberFunctions: Functions = {
  round: define([1, 2], round),
  floor: mapped(Math.floor),
  ceil: mapped(Math.ceil),
  abs: mapped(Math.abs),
  min: extreme(-1),
  max: extreme(1),
  sum: define([1, 1], ([list], frame) =>
    listArg(list, frame).reduce<number>((total, value) => total + numberArg(value, frame), 0),
  ),
  double,
  number: double,
  int: define([1, 1], ([value], frame) => Math.trunc(toNumber(value, frame))),
  uint: define([1, 1], ([value], frame) => {
    const number = Math.trunc(toNumber(value, frame))
    return number < 0 ? fail(frame, 'the number is negative') : number
  }),
}
