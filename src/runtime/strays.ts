// Compares what is claimed in this process's name with what it has in hand. A claim nobody has in hand was lost on
// the way (its answer never arrived, its taking up failed): it goes back to the queue. An effect without its claim was
// taken over or stopped elsewhere: it is aborted, its result would be refused anyway.
import { claimsOf, type QueueKey, releaseRows } from '../store/queue.ts'
import type { Core } from './core.ts'
import { keyOf } from './hands.ts'
import type { Worker } from './worker.ts'

export interface Strays {
  /** Returns how many rows went back. A row is a stray when it was in nobody's hands twice in a row. */
  giveBack(): Promise<number>
  /** Nothing is claimed and nothing in hand: there was nothing to give back. */
  noneSeen(): void
}

export function createStrays(core: Core, worker: Worker): Strays {
  let suspects = new Set<string>()

  async function giveBack(): Promise<number> {
    const flights = [...worker.inFlight.values()]
    const claims = await claimsOf(core.pool, core.process)
    abortLost(worker, flights, claims)
    const loose = claims.filter((row) => !core.hands.hold(keyOf(row)))
    const strays = loose.filter((row) => suspects.has(keyOf(row)))
    suspects = new Set(loose.map(keyOf))
    if (strays.length === 0) return 0
    core.log.warn({ rows: strays.length }, 'Claims in nobody’s hands go back to the queue')
    return releaseRows(core.pool, core.process, strays)
  }

  return {
    giveBack,
    noneSeen() {
      suspects = new Set()
    },
  }
}

type Flight = Worker['inFlight'] extends ReadonlyMap<string, infer F> ? F : never

function abortLost(worker: Worker, flights: readonly Flight[], claims: readonly QueueKey[]): void {
  const mine = new Set(claims.map(keyOf))
  for (const flight of flights) {
    if (!mine.has(keyOf({ ...flight, kind: 'run' }))) worker.abort(flight.execution, flight)
  }
}
