// The database's clock, followed by this process: only it decides about time (rule 23).

export interface Clock {
  /** Milliseconds since 1970 by the database clock, as well as this process knows it. */
  now(): number
  /** Called with what the database said, right after it said it. */
  adjust(databaseNow: number): void
}

export function createClock(): Clock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    adjust(databaseNow) {
      offset = databaseNow - Date.now()
    },
  }
}
