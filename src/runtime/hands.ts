// Rows of the queue that this process works on: from before their claim is committed until they are done with.
// What is claimed in its name but in nobody's hands was lost on the way, and is given back (see `claimer.ts`).
import type { QueueRow } from '../store/save.ts'
import { createTurnover } from './turnover.ts'

type Row = Pick<QueueRow, 'run' | 'attempt' | 'kind'> & { execution: string }

export interface Hands {
  take(row: Row): void
  drop(row: Row): void
  /** `key` as `keyOf` makes it. */
  hold(key: string): boolean
  /** Keys of what is in hand now. */
  keys(): ReadonlySet<string>
  /** Resolves when nothing is in hand: what a save leads to is in hand before the save no longer is. */
  empty(): Promise<void>
}

export function keyOf({ execution, run, attempt, kind }: Row): string {
  return `${execution} ${run} ${attempt} ${kind}`
}

/** A row may be in several hands: its save and its worker. */
export function createHands(): Hands {
  const counts = createTurnover<string, number>()
  const whenEmpty: (() => void)[] = []
  function count(row: Row, by: number): void {
    const key = keyOf(row)
    const left = (counts.get(key) ?? 0) + by
    if (left > 0) counts.set(key, left)
    else counts.delete(key)
    if (counts.size === 0) for (const call of whenEmpty.splice(0)) call()
  }
  return {
    take: (row) => count(row, 1),
    drop: (row) => count(row, -1),
    hold: (key) => counts.has(key),
    keys: () => new Set(counts.keys()),
    empty: () => (counts.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve))),
  }
}
