/** Collects the values of one statement; the text only ever holds their numbers. */
export interface Params {
  /** Answers the placeholder, `$3::text`. */
  add(value: unknown, type: string): string
}

export function openParams(): Params & { readonly values: unknown[] } {
  const values: unknown[] = []
  return {
    values,
    add(value, type) {
      values.push(value)
      return `$${values.length}::${type}`
    },
  }
}
