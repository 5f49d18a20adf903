// R2: an engine is killed at each named point, on both sides of the commit, while others and its successor go on.
import { setTimeout as pause } from 'node:timers/promises'
import { type CrashAt, partingPoints, pointNames } from '../harness/crash-points.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const places: readonly Omit<CrashAt, 'nth'>[] = [...pointNames, ...partingPoints].flatMap((point) =>
  (['before', 'after'] as const).map((side) => ({ point, side })),
)
const withinMs = 6000
const perKill = 12

/** A unit is one point: all of them in turn, the first hit in the first round, later ones after. */
export const crashPoints: ChaosCase = {
  id: 'R2',
  title: 'killed at each named point',
  units: { T0: 8, T1: 2 * places.length, T2: 12 * places.length },
  perChunk: { one: places.length, three: places.length },
  run: (ground, { seed, processes, units }) =>
    runChaos(ground, { seed, processes }, (stage) => killAtPoints(stage, units)),
}

async function killAtPoints(stage: Stage, units: number): Promise<string[]> {
  const { fleet, random } = stage
  await fleet.end(0, 'SIGKILL')
  const missed = new Set<string>()
  const work = (async () => {
    const first = random.int(0, places.length - 1)
    for (let n = first; n < first + units; n++) {
      const at = places[n % places.length] as (typeof places)[number]
      const name = `${at.side} ${at.point}`
      if (await killAt(stage, { ...at, nth: random.pick([1, 1, 2, 4]) })) missed.delete(name)
      else if (await killAt(stage, { ...at, nth: 1 })) missed.delete(name)
      else missed.add(name)
    }
    await fleet.fill(0)
  })()
  await underLoad(stage, () => perKill * (fleet.kills.length + 1), work)
  return [...missed].map((name) => `point '${name}' was never reached`)
}

/** The way down begins after a while of work. */
async function killAt({ fleet, random }: Stage, at: CrashAt): Promise<boolean> {
  const isParting = partingPoints.includes(at.point)
  return fleet.arm(0, isParting ? { ...at, nth: 1 } : at, {
    ms: isParting ? 4 * withinMs : withinMs,
    meanwhile(member) {
      if (isParting) void pause(random.int(100, 400)).then(() => member.signal('SIGTERM'))
    },
  })
}
