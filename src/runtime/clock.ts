// The database's clock, followed by this process: only it decides about time (rule 23).

export interface Clock {
  /** Milliseconds since 1970 by the database clock, as well as this process knows it. */
  now(): number
  /** Called with what the database said, right after it said it. */
  adjust(databaseNow: number): void
  /** How long ago that was: what a heartbeat has not confirmed for long may be somebody else's by now. */
  silentMs(): number
}

export function createClock(): Clock {
  let offset = 0
  let heardAt = Date.now()
  return {
    now: () => Date.now() + offset,
    adjust(databaseNow) {
      heardAt = Date.now()
      offset = databaseNow - heardAt
    },
    silentMs: () => Date.now() - heardAt,
  }
}
