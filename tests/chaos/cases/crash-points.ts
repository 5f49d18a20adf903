// R2: an engine is killed at each named point, on both sides of the commit, while others and its successor go on.
import { setTimeout as pause } from 'node:timers/promises'
import { type CrashAt, heirPoints, partingPoints, pointNames } from '../harness/crash-points.ts'
import type { StubDocument } from '../harness/document-shape.ts'
import { generateDocuments, runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const places: readonly Omit<CrashAt, 'nth'>[] = [...pointNames, ...partingPoints].flatMap((point) =>
  (['before', 'after'] as const).map((side) => ({ point, side })),
)
const withinMs = 6000
const perKill = 12
/** Rare points come only while there is something to do: with time, too, executions are started. */
const startEveryMs = 80
/** So often a point that was not reached is tried once more, after the others. */
const moreRounds = 3

/** One at a time of each: a queued start that finds no place is put off. */
const narrow = Array.from({ length: 5 }, (_, n): StubDocument => {
  const key = `narrow-${n}`
  return {
    ...{
      format: 'fermata/1',
      key,
      title: key,
      kind: 'main',
      settings: { concurrency: { limit: 1 } },
      edges: [],
    },
    inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    nodes: [{ id: 'a', type: 'safe-stub', config: { n: '{{ inputs.n }}', ms: 1200 } }],
  }
})

/** A unit is one point: all of them in turn, the first hit in the first round, later ones after. */
export const crashPoints: ChaosCase = {
  id: 'R2',
  title: 'killed at each named point',
  units: { T0: 8, T1: 2 * places.length, T2: 12 * places.length },
  perChunk: { one: places.length, three: places.length },
  run(ground, { seed, processes, units }) {
    const documents = [...generateDocuments(seed, 30), ...narrow]
    return runChaos(ground, { seed, processes, documents }, (stage) => killAtPoints(stage, units))
  },
}

async function killAtPoints(stage: Stage, units: number): Promise<string[]> {
  const { fleet, random } = stage
  await fleet.end(0, 'SIGKILL')
  const missed = new Map<string, Omit<CrashAt, 'nth'>>()
  const work = (async () => {
    const first = random.int(0, places.length - 1)
    for (let n = first; n < first + units; n++) {
      const at = places[n % places.length] as (typeof places)[number]
      const name = `${at.side} ${at.point}`
      if (await killAt(stage, { ...at, nth: random.pick([1, 1, 2, 4]) })) missed.delete(name)
      else if (await killAt(stage, { ...at, nth: 1 })) missed.delete(name)
      else missed.set(name, at)
    }
    for (let round = 0; round < moreRounds; round++)
      for (const [name, at] of missed) if (await killAt(stage, { ...at, nth: 1 })) missed.delete(name)
    await fleet.fill(0)
  })()
  const begun = performance.now()
  const inTime = () => (performance.now() - begun) / startEveryMs
  await underLoad(stage, () => Math.max(perKill * (fleet.kills.length + 1), inTime()), work)
  return [...missed.keys()].map((name) => `point '${name}' was never reached`)
}

/** The way down begins after a while of work; who is to find others dead is the only one left. */
async function killAt({ fleet, random }: Stage, at: CrashAt): Promise<boolean> {
  const isParting = partingPoints.includes(at.point)
  const others = heirPoints.includes(at.point) ? [...fleet.members.keys()].slice(1) : []
  const hasDied = await fleet.arm(0, isParting ? { ...at, nth: 1 } : at, {
    ms: isParting ? 4 * withinMs : withinMs,
    meanwhile(member) {
      if (isParting) void pause(random.int(100, 400)).then(() => member.signal('SIGTERM'))
      for (const place of others) void fleet.end(place, 'SIGKILL')
    },
  })
  await Promise.all(others.map((place) => fleet.fill(place)))
  return hasDied
}
