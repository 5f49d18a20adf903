// How a function of the expression language is written down.
import { type Frame, fail, spend, textCost } from '../frame.ts'
import { article } from '../operators.ts'
import type { Value } from '../values.ts'

type Arg = Value | undefined

/** May be called both ways: `size(x)` and `x.size()`; the receiver is the first argument. */
export interface ExpressionFunction {
  readonly min: number
  readonly max: number
  run(args: readonly Value[], frame: Frame): Value
}

export type Functions = Readonly<Record<string, ExpressionFunction>>

export const define = (
  [min, max]: readonly [number, number],
  run: ExpressionFunction['run'],
): ExpressionFunction => ({ min, max, run })

export function textArg(value: Arg, frame: Frame): string {
  if (typeof value !== 'string') return fail(frame, `expected a string, found ${article(value ?? null)}`)
  spend(frame, textCost(value.length))
  return value
}

export function numberArg(value: Arg, frame: Frame): number {
  return typeof value === 'number' ? value : fail(frame, `expected a number, found ${article(value ?? null)}`)
}

export function listArg(value: Arg, frame: Frame): Value[] {
  if (!Array.isArray(value)) return fail(frame, `expected a list, found ${article(value ?? null)}`)
  spend(frame, value.length)
  return value
}

/** A whole number from 0 to `max`. */
export function indexArg(value: Arg, max: number, frame: Frame): number {
  const index = numberArg(value, frame)
  if (Number.isInteger(index) && index >= 0 && index <= max) return index
  return fail(frame, `${index} is not a position from 0 to ${max}`)
}
