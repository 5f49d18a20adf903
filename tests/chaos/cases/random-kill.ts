// R1: engines are killed at random times, 1.5 s after they were ready on average, while executions keep coming.
import { setTimeout as pause } from 'node:timers/promises'
import type { Ground } from '../harness/ground.ts'
import { type Outcome, runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

/** A unit is one kill, with ten executions. */
export const randomKill: ChaosCase = {
  id: 'R1',
  title: 'killed at random times',
  units: { T0: 10, T1: 80, T2: 1000 },
  perChunk: { one: 100, three: 100 },
  async run(ground, { seed, processes, units }) {
    if (processes > 1) return killOne(ground, { seed, processes, units })
    // While the one process of a database starts there is nothing to do: two databases are tried side by side.
    const half = Math.ceil(units / 2)
    const outcomes = await Promise.all([
      killOne(ground, { seed, processes, units: half }),
      killOne(ground, { seed: seed + 1, processes, units: units - half }),
    ])
    return { ...addUp(outcomes), seed }
  },
}

function killOne(ground: Ground, of: { seed: number; processes: number; units: number }): Promise<Outcome> {
  const { seed, processes, units } = of
  return runChaos(ground, { seed, processes }, (stage) => killAtRandom(stage, units))
}

function addUp(outcomes: readonly Outcome[]): Omit<Outcome, 'seed'> {
  const sum = (read: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + read(one), 0)
  const ends: Record<string, number> = {}
  for (const outcome of outcomes)
    for (const [end, count] of Object.entries(outcome.ends)) ends[end] = (ends[end] ?? 0) + count
  return {
    violations: outcomes.flatMap(({ violations }) => violations),
    transitions: sum(({ transitions }) => transitions),
    executions: sum(({ executions }) => executions),
    kills: sum(({ kills }) => kills),
    worstRecoveryMs: Math.max(...outcomes.map(({ worstRecoveryMs }) => worstRecoveryMs)),
    seconds: Math.max(...outcomes.map(({ seconds }) => seconds)),
    complaints: outcomes.flatMap(({ complaints }) => complaints),
    ends,
  }
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
