/** Collects the values of one statement; the text only ever holds their numbers. */
export interface Params {
  readonly values: unknown[]
  /** Answers the placeholder, `$3::text`. */
  add(value: unknown, type: string): string
}

export function openParams(): Params {
  const values: unknown[] = []
  return {
    values,
    add(value, type) {
      values.push(value)
      return `$${values.length}::${type}`
    },
  }
}
