// R7: a process with 1,000 executions is killed, and then, again and again, whoever recovers them; two at once.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { heldDocuments, holdAll } from './held-by-one.ts'

const perKill = 100
const most = 1000
/** Time enough to have all of them under way together. */
const heldMs = 20_000
const effectMs = 20

/** A unit is one kill of a process that recovers; the first one made the orphans. */
export const orphans: ChaosCase = {
  id: 'R7',
  title: 'recovery killed',
  units: { T0: 0, T1: 10, T2: 100 },
  perChunk: { one: 20, three: 20 },
  run(ground, { seed, processes, units }) {
    const fleet = { size: Math.max(2, processes), beatMs: 100, deadAfterMs: 1000, concurrency: most }
    const options = {
      seed,
      processes,
      documents: heldDocuments({ ms: effectMs, until: Date.now() + heldMs }),
      fleet,
    }
    return runChaos(ground, options, async (stage) => {
      await holdAll(stage, Math.min(most, perKill * units))
      await stage.fleet.end(0, 'SIGKILL')
      return killRecoverers(stage, units)
    })
  },
}

async function killRecoverers({ fleet, random, database }: Stage, units: number): Promise<string[]> {
  const own = random.fork('recoverers')
  for (let kills = 0; kills < units; kills++) {
    await pause(own.int(50, 1500))
    const place = kills % fleet.members.length
    await fleet.fill(place)
    await pause(own.int(1, 300))
    await fleet.end((place + 1) % fleet.members.length, 'SIGKILL')
  }
  await Promise.all(fleet.members.map((member, place) => (member ? undefined : fleet.fill(place))))
  const freed = await database.pool.query(`select from public.leases where crashes > 0 limit 1`)
  return freed.length > 0 ? [] : ['nothing was ever recovered']
}
