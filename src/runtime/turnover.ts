/** A map whose entries come and go by thousands a second. */
export interface Turnover<K, V> extends ReadonlyMap<K, V> {
  set(key: K, value: V): void
  delete(key: K): boolean
}

/** Fewer deletions are not worth a copy. */
const fewest = 64

/**
 * Nobody's memory of what has left. Each time V8 makes room in a Map the table it leaves points to the next one. Once
 * a left table is in the old generation, which one full collection is enough for, all tables after it survive the
 * young collections, with every entry that was ever in them. So a copy takes over now and then: nothing points to it.
 */
export function createTurnover<K, V>(): Turnover<K, V> {
  let entries = new Map<K, V>()
  let gone = 0
  return {
    get size() {
      return entries.size
    },
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    keys: () => entries.keys(),
    values: () => entries.values(),
    entries: () => entries.entries(),
    forEach: (call) => entries.forEach(call),
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    set(key, value) {
      entries.set(key, value)
    },
    delete(key) {
      if (!entries.delete(key)) return false
      if (++gone >= Math.max(fewest, entries.size)) {
        entries = new Map(entries)
        gone = 0
      }
      return true
    },
  }
}
