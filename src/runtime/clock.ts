// The database's clock, followed by this process: only it decides about time (rule 23).

export interface Clock {
  /** Milliseconds since 1970 by the database clock, as well as this process knows it. */
  now(): number
  /** Called with what the database said, right after it said it. Returns by how much the machine's clock differs. */
  adjust(databaseNow: number): number
  /** How long ago that was: what a heartbeat has not confirmed for long may be somebody else's by now. */
  silentMs(): number
}

/** Of this machine's clocks only the pace counts: what they say may be wrong, and be put right while the process runs. */
export function createClock(): Clock {
  let heardAt = performance.now()
  let offset = Date.now() - heardAt
  let heardOn = Date.now()
  return {
    now: () => performance.now() + offset,
    adjust(databaseNow) {
      heardAt = performance.now()
      heardOn = Date.now()
      offset = databaseNow - heardAt
      return heardOn - databaseNow
    },
    // The one does not go on while the machine sleeps, the other one may be put back.
    silentMs: () => Math.max(performance.now() - heardAt, Date.now() - heardOn),
  }
}
