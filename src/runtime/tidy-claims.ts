// Compares claims with who holds them. What dead processes had claimed is freed. A claim of this process that nobody has
// in hand was lost on the way (its answer never arrived, its taking up failed): it goes back to the queue. An effect
// without its claim was taken over or stopped elsewhere: it is aborted, its result would be refused anyway.
import type { Beat } from '../store/processes.ts'
import { claimsOf, type QueueKey, releaseOrphans, releaseRows } from '../store/queue.ts'
import type { Core } from './core.ts'
import { keyOf } from './hands.ts'
import type { Worker } from './worker.ts'

const orphansAtOnce = 1000

/**
 * Made for one process; answers whether rows went back to the queue. What the heartbeat has just found not to be there
 * is not asked for. A row is a stray when it was in nobody's hands twice in a row.
 */
export function tidyClaims(core: Core, worker: Worker): (heard?: Beat) => Promise<boolean> {
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

  return async (heard) => {
    const orphans = !heard || heard.removed > 0 || heard.orphans ? await freeOrphans(core) : 0
    if (!heard || heard.claims || worker.inFlight.size > 0) return (await giveBack()) + orphans > 0
    suspects = new Set()
    return orphans > 0
  }
}

async function freeOrphans(core: Core): Promise<number> {
  let all = 0
  for (let freed = orphansAtOnce; freed === orphansAtOnce; all += freed) {
    freed = await releaseOrphans(core.pool, orphansAtOnce)
    core.figures.rescued(freed)
    if (freed > 0) core.log.warn({ rows: freed }, 'Claims of processes that are gone were freed')
  }
  return all
}

type Flight = Worker['inFlight'] extends ReadonlyMap<string, infer F> ? F : never

function abortLost(worker: Worker, flights: readonly Flight[], claims: readonly QueueKey[]): void {
  const mine = new Set(claims.map(keyOf))
  for (const flight of flights) {
    if (!mine.has(keyOf({ ...flight, kind: 'run' }))) worker.abort(flight.execution, flight)
  }
}
