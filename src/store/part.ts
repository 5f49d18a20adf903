// What a part of the save statement is made of. In its SQL `{x}` is the part's input as a table; the parts that find out
// whose guard held are called `{name}`, and what they found `saved`.
import type { Save } from './save.ts'

/** What a column holds in nearly every row: a value known beforehand, or one that all rows of a statement share. */
type Habit = { usual: string | number | boolean | null } | 'shared'

/**
 * `json` is text that was made by `JSON.stringify`; `ms` is milliseconds since 1970, and travels as a small number, which
 * costs both sides half of what a whole time does.
 */
export interface Column {
  type: string
  name: string
  value: (row: never, save: Save) => unknown
  habit?: Habit
}

/** In its SQL `{saved}` is what limits `{x}` to the executions whose guard held, unless all are known to have. */
export interface Part {
  key: string
  rows: (save: Save) => readonly unknown[]
  columns: readonly Column[]
  sql: string
  /**
   * Unless this holds nothing is written at all (`wasNotMet`). Checking it costs less than a clause for what is hardly
   * ever the case. `{count}` is the number of rows.
   */
  demands?: string
}

export const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
export const orNull = <T>(value: T | undefined): T | null => value ?? null

export const column =
  <R>() =>
  (type: string, name: string, value: (row: R, save: Save) => unknown): Column => ({ type, name, value })

export const usually = (usual: string | number | boolean | null, column: Column): Column => ({
  ...column,
  habit: { usual },
})
export const rare = (column: Column): Column => usually(null, column)
export const shared = (column: Column): Column => ({ ...column, habit: 'shared' })

/** Of a column of type `ms`; `{since}` is the moment in seconds since 1970 from which its values count. */
export const time = (name: string): string => `to_timestamp({since} + x.${name} * 0.001)`
