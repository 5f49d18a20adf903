// What a part of the save statement is made of. In its SQL `{x}` is the part's input as a table, `saved` the ids of the
// executions whose guard held.
import type { Save } from './save.ts'

export type Column = (save: Save, row: never) => unknown

export interface Part {
  key: string
  rows: (save: Save) => readonly unknown[]
  columns: readonly (readonly [type: string, name: string, value: Column])[]
  sql: string
}

export const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
export const orNull = <T>(value: T | undefined): T | null => value ?? null

export const column =
  <R>() =>
  (type: string, name: string, value: (row: R, save: Save) => unknown) =>
    [type, name, (save: Save, row: never) => value(row, save)] as const

/** Seconds since 1970, as `to_timestamp` wants them. */
export const seconds = (ms: number | null | undefined): number | null => (ms == null ? null : ms / 1000)
export const time = (name: string): string => `to_timestamp(x.${name})`
