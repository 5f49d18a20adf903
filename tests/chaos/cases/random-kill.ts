// R1: engines are killed at random times, 1.5 s after they were ready on average, while executions keep coming.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

/** A unit is one kill, with ten executions. */
export const randomKill: ChaosCase = {
  id: 'R1',
  title: 'killed at random times',
  units: { T0: 10, T1: 80, T2: 1000 },
  perChunk: { one: 50, three: 100 },
  run: (ground, { seed, processes, units }) =>
    runChaos(ground, { seed, processes }, (stage) => killAtRandom(stage, units)),
}

const meanMs = 1500
const perKill = 10

async function killAtRandom(stage: Stage, kills: number): Promise<string[]> {
  const { fleet, random } = stage
  let left = kills
  const places = fleet.members.map(async (_, place) => {
    const own = random.fork(`place ${place}`)
    while (left-- > 0) {
      await pause(own.next() * 2 * meanMs)
      await fleet.end(place, 'SIGKILL')
      await fleet.fill(place)
    }
  })
  await underLoad(stage, () => perKill * (fleet.kills.length + 1), Promise.all(places))
  return []
}
