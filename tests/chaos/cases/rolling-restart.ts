// R4: engines are replaced one after another by new ones that are up already; the old ones are asked to go.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const mostMs = 25_000
const perReplacement = 15

/** A unit is one replacement. */
export const rollingRestart: ChaosCase = {
  id: 'R4',
  title: 'replaced while running',
  units: { T0: 4, T1: 20, T2: 100 },
  perChunk: { one: 30, three: 40 },
  async run(ground, { seed, processes, units }) {
    // As in production: a process that is asked to go is not to be taken for dead.
    const fleet = { beatMs: 1000, deadAfterMs: 15_000 }
    const outcome = await runChaos(ground, { seed, processes, fleet }, (stage) => replaceInTurn(stage, units))
    return { ...outcome, faults: units }
  },
}

async function replaceInTurn(stage: Stage, units: number): Promise<string[]> {
  const { fleet, random, database } = stage
  const problems: string[] = []
  let count = 0
  const work = (async () => {
    for (; count < units; count++) {
      await pause(random.int(500, 1500))
      const { exit, ms } = await fleet.replace(count % fleet.members.length)
      if (exit !== 0 || ms > mostMs) problems.push(`asked to go, ended ${exit} after ${ms} ms`)
    }
  })()
  await underLoad(stage, () => perReplacement * (count + 1), work)
  const crashed = await database.pool.query(`select from public.leases where crashes > 0`)
  if (crashed.length > 0) problems.push(`${crashed.length} rows count as crashed, and nothing had crashed`)
  return problems
}
