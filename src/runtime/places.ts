// The places for effects in this process, and who may take them while others wait (rule 25).

export interface Places {
  /** Takes a place for an effect of this workflow: false when none is free, or its share is used up. */
  take(workflow: string): boolean
  give(workflow: string): void
  /** Sets up to `max` free places aside for effects about to be claimed, whose workflows are not known yet. */
  setAside(max: number): number
  /** What was set aside becomes places of these workflows; the rest is free again. */
  fill(setAside: number, workflows: readonly string[]): void
  readonly free: number
  readonly capacity: number
  /** Places taken, by workflow. */
  readonly taken: ReadonlyMap<string, number>
  /** Workflows with effects in the queue: until they are served the others keep to their share. */
  othersWait(workflows: readonly string[]): void
  /** No place is given out any more. */
  close(): void
}

export function createPlaces(capacity: number, onFree: () => void): Places {
  const taken = new Map<string, number>()
  let total = 0
  let aside = 0
  let closed = false
  let waiting = new Set<string>()

  const free = (): number => (closed ? 0 : Math.max(0, capacity - total - aside))

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
      if (free() === 0 || !hasShare(workflow)) return false
      count(workflow, 1)
      return true
    },
    give(workflow) {
      count(workflow, -1)
      onFree()
    },
    setAside(max) {
      const places = Math.min(max, free())
      aside += places
      return places
    },
    fill(places, workflows) {
      aside -= places
      for (const workflow of workflows) count(workflow, 1)
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
