// Durations in the config of node types: `30s`, `5m`, a number of seconds, or a template that gives one.
import Type, { type TSchemaOptions, type TUnion } from 'typebox'
import { Duration as DocumentDuration, durationMs } from '../core/document.ts'
import { AppError } from '../core/errors.ts'

const template = Type.String({ pattern: '\\{\\{' })

/** A config field that holds a duration. `options` are the title and the description. */
export const DurationField = (options: TSchemaOptions = {}): TUnion =>
  Type.Union([...DocumentDuration.anyOf, template], options) as unknown as TUnion

/**
 * Milliseconds of a resolved duration field; `fallbackMs` when it is not set.
 * Throws AppError `bad-request` for what is no duration.
 */
export function readDuration(value: string | number | null | undefined, fallbackMs: number): number {
  if (value === undefined || value === null || value === '') return fallbackMs
  const ms = durationMs(value)
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new AppError('bad-request', `"${value}" is not a duration; write 250ms, 30s, 5m, 2h or 7d`)
}
