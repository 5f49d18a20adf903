// Chance that can be had again: everything random in these tests comes from one seed.

export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number in [low, high]. */
  int(low: number, high: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** One that goes its own way, the same for the same name. */
  fork(name: string): Random
}

export function seeded(seed: number | string): Random {
  const start = typeof seed === 'number' ? seed >>> 0 : hashText(seed)
  let state = start
  /** mulberry32 */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    fork: (name) => seeded(`${start}:${name}`),
  }
}

export function hashText(text: string): number {
  let value = 2166136261
  for (let n = 0; n < text.length; n++) value = Math.imul(value ^ text.charCodeAt(n), 16777619) >>> 0
  value = Math.imul(value ^ (value >>> 13), 0x5bd1e995) >>> 0
  return (value ^ (value >>> 15)) >>> 0
}
