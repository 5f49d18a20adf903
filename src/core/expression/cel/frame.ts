// What one evaluation carries along: the scope, its own variables, what it may still cost, where it is.
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { Value } from './values.ts'

export type Span = readonly [start: number, end: number]

export interface Frame {
  readonly scope: JsonObject
  /** Variables of comprehensions, by slot. */
  readonly slots: Value[]
  /** Operations left; about the number of syntax nodes evaluated plus the sizes of what is built. */
  left: number
  /** Of the call under way, for the errors of its function. */
  span: Span
}

export type Run = (frame: Frame) => Value

/** Some tenths of a second on an ordinary machine, and some tens of MB. */
export const maxCost = 3_000_000
/** Of an error that is caught again. */
export const errorCost = 100

const nowhere: Span = [0, 0]

export const newFrame = (scope: JsonObject): Frame => ({ scope, slots: [], left: maxCost, span: nowhere })

export function spend(frame: Frame, cost: number): void {
  frame.left -= cost
  if (frame.left < 0) throw tooCostly(frame.span)
}

/** The cost of making or reading a text of this length. */
export const textCost = (length: number): number => Math.floor(length / 8) + 1

export const tooCostly = (span: Span): AppError =>
  new AppError('invalid-expression', 'the expression does too much work', { span })

/** `message` at a place of the expression. */
export function failAt(span: Span, message: string): never {
  throw new AppError('invalid-expression', message, { span })
}

export function fail(frame: Frame, message: string): never {
  return failAt(frame.span, message)
}
