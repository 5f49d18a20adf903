// R1: engines are killed at random times, 1.5 s after they were ready on average, while executions keep coming.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'

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
const mostUnacknowledged = 24

async function killAtRandom(stage: Stage, kills: number): Promise<void> {
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
  let isOver = false
  const loading = keepLoading(stage, () => (isOver ? 0 : perKill * (fleet.kills.length + 1)))
  await Promise.all(places)
  isOver = true
  await loading
}

/** Starts executions as long as fewer than `wanted` have been; 0 ends it. */
export async function keepLoading({ load, random }: Stage, wanted: () => number): Promise<void> {
  const own = random.fork('pace')
  while (wanted() > 0) {
    if (load.sent.starts.length < wanted() && load.unacknowledged < mostUnacknowledged) void load.start()
    await pause(own.int(1, 60))
  }
}
