// R3: an engine is stopped like a frozen machine, inside its effects; others take over; then it goes on.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const deadAfterMs = 700
const perFreeze = 15

/** A unit is one freeze, of three times the time after which a process counts as dead. */
export const zombie: ChaosCase = {
  id: 'R3',
  title: 'frozen, taken over, and back',
  units: { T0: 5, T1: 20, T2: 200 },
  perChunk: { one: 30, three: 40 },
  async run(ground, { seed, processes, units }) {
    // Somebody must be there to take over.
    const size = Math.max(2, processes)
    const fleet = { beatMs: 100, deadAfterMs }
    let freezes = 0
    const outcome = await runChaos(ground, { seed, processes: size, fleet }, async (stage) => {
      await freezeInTurn(stage, { units, size, froze: () => freezes++ })
      return (await countTakeOvers(stage)) > 0 ? [] : ['nothing was ever taken over']
    })
    return { ...outcome, faults: freezes }
  },
}

async function freezeInTurn(
  stage: Stage,
  of: { units: number; size: number; froze(): number },
): Promise<void> {
  const { fleet, random } = stage
  let count = 0
  const work = (async () => {
    for (; count < of.units; count++) {
      await pause(random.int(300, 900))
      await fleet.freeze(random.int(0, of.size - 1), 3 * deadAfterMs)
      of.froze()
    }
  })()
  await underLoad(stage, () => perFreeze * (count + 1), work)
}

async function countTakeOvers({ database }: Stage): Promise<number> {
  const rows = await database.pool.query(
    `select from public.leases where op = 'update' and was_claimed_by is not null and claimed_by is null and crashes > 0`,
  )
  return rows.length
}
