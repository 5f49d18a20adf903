// The places for effects in this process, and who may take them while others wait (rule 25).
import { createTurnover } from './turnover.ts'

export interface Places {
  /** Takes a place for an effect of this workflow: false when none is free, or its share is used up. */
  take(workflow: string): boolean
  give(workflow: string): void
  /** Places for effects just claimed, as far as there still are any. Returns for how many. */
  fill(workflows: readonly string[]): number
  /**
   * What runs here takes its places again while it goes on. While effects in the queue wait for one they get some at
   * times, when these become free.
   */
  book(isWanted: boolean): void
  readonly free: number
  readonly capacity: number
  /** Places taken, by workflow. */
  readonly taken: ReadonlyMap<string, number>
  /** Workflows with effects in the queue: until they are served the others keep to their share. */
  othersWait(workflows: readonly string[]): void
  /** No place is given out any more. */
  close(): void
}

const bookEveryMs = 50
const bookedShare = 1 / 8

export function createPlaces(capacity: number, onFree: () => void): Places {
  const taken = createTurnover<string, number>()
  let total = 0
  let booked = 0
  let bookedAt = 0
  let closed = false
  let waiting = new Set<string>()

  const free = (): number => (closed ? 0 : Math.max(0, capacity - total))

  function count(workflow: string, by: number): void {
    total += by
    const left = (taken.get(workflow) ?? 0) + by
    if (left > 0) taken.set(workflow, left)
    else taken.delete(workflow)
  }

  function hasShare(workflow: string): boolean {
    const others = waiting.size - (waiting.has(workflow) ? 1 : 0)
    if (others === 0) return true
    return (taken.get(workflow) ?? 0) < Math.max(1, Math.floor(capacity / (others + 1)))
  }

  return {
    capacity,
    take(workflow) {
      if (free() <= booked || !hasShare(workflow)) return false
      count(workflow, 1)
      return true
    },
    give(workflow) {
      count(workflow, -1)
      onFree()
    },
    fill(workflows) {
      const fitting = workflows.slice(0, free())
      for (const workflow of fitting) count(workflow, 1)
      return fitting.length
    },
    book(isWanted) {
      const isTime = isWanted && Date.now() - bookedAt >= bookEveryMs
      booked = isTime ? Math.ceil(capacity * bookedShare) : 0
      if (isTime) bookedAt = Date.now()
    },
    get free() {
      return free()
    },
    taken,
    othersWait(workflows) {
      waiting = new Set(workflows)
    },
    close() {
      closed = true
    },
  }
}
