// A bounded cache in two generations: cheap on every hit, drops what was not used for a while.

export interface Cache<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

/** Holds at most `limit` values; at least the most recent half of them. */
export function boundedCache<V>(limit: number): Cache<V> {
  let young = new Map<string, V>()
  let old = new Map<string, V>()
  const set = (key: string, value: V): void => {
    if (young.size >= limit / 2) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  const get = (key: string): V | undefined => {
    const hit = young.get(key)
    if (hit !== undefined) return hit
    const kept = old.get(key)
    if (kept !== undefined) set(key, kept)
    return kept
  }
  return { get, set }
}
