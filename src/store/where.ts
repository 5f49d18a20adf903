// Builds the `where` of a list from the filters that are set; values are always parameters.

export interface Where {
  /** `$1`, `$2` … for a value. */
  param(value: unknown): string
  /** Adds a condition. */
  and(condition: string): void
  /** Adds `make(parameter)` when the value is set. */
  if<V>(value: V | undefined, make: (param: string) => string): void
  /** `where …`, or nothing. */
  text(): string
  readonly values: readonly unknown[]
  readonly conditions: readonly string[]
}

export function where(): Where {
  const values: unknown[] = []
  const conditions: string[] = []
  const param = (value: unknown) => `$${values.push(value)}`
  return {
    values,
    conditions,
    param,
    and: (condition) => void conditions.push(condition),
    if(value, make) {
      if (value !== undefined) conditions.push(make(param(value)))
    },
    text: () => (conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''),
  }
}

/** A pattern for `like`/`ilike` that finds `text` anywhere. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Names of workflows one may see; `all` for administrators. */
export type Visible = 'all' | readonly string[]

/** A condition that holds for the targets one may see; `columns` name a target in the statement. */
export type SeenTargets = (w: Where, columns: { collection: string; id: string }) => string
