// R6L: the database is away for long: the server stays, says that it is not ready, and acknowledges nothing.
import { setTimeout as pause } from 'node:timers/promises'
import { runServer, type ServerStage } from '../harness/run-server.ts'
import type { ChaosCase } from './chaos-case.ts'

const lookMs = 250
const readyWithinMs = 10_000

/** A unit is one second without the database. */
export const longOutage: ChaosCase = {
  id: 'R6L',
  title: 'the database is away for long, seconds',
  units: { T0: 0, T1: 60, T2: 60 },
  perChunk: { one: 60, three: 60 },
  async run(ground, { seed, units }) {
    const outcome = await runServer(ground, seed, (stage) => takeAway(stage, units))
    return { ...outcome, faults: units }
  },
}

async function takeAway(stage: ServerStage, units: number): Promise<string[]> {
  const { ground } = stage
  await Promise.all(Array.from({ length: 20 }, (_, n) => stage.start(`before-${n}`)))
  await ground.stopImmediately()
  const during = await lookAtIt(stage, units)
  await ground.start()
  const readyAfterMs = await untilReady(stage)
  const after = await Promise.all(Array.from({ length: 20 }, (_, n) => stage.start(`after-${n}`)))
  process.stdout.write(`  ready ${readyAfterMs} ms after the database was back\n`)
  return [
    ...during,
    ...(readyAfterMs <= readyWithinMs ? [] : [`ready only ${readyAfterMs} ms after the database was back`]),
    ...after.flatMap(({ status }) => (status === 201 ? [] : [`a start afterwards was answered ${status}`])),
  ]
}

async function lookAtIt(stage: ServerStage, seconds: number): Promise<string[]> {
  const found = new Set<string>()
  const until = Date.now() + 1000 * seconds
  for (let n = 0; Date.now() < until; n++) {
    const [health, ready, answer] = await Promise.all([
      statusOf(stage, '/healthz'),
      statusOf(stage, '/readyz'),
      stage.start(`during-${n}`),
    ])
    if (health !== 200) found.add(`/healthz answered ${health} without the database`)
    if (ready !== 503) found.add(`/readyz answered ${ready} without the database`)
    if (answer.status !== 503) found.add(`a start was answered ${answer.status} without the database`)
    if (answer.status === 503 && answer.retryAfter === null)
      found.add('a start was refused without Retry-After')
    await pause(lookMs)
  }
  return [...found]
}

async function statusOf({ server }: ServerStage, path: string): Promise<number> {
  const response = await fetch(server.url + path).catch(() => undefined)
  await response?.arrayBuffer()
  return response?.status ?? 0
}

async function untilReady(stage: ServerStage): Promise<number> {
  const begun = performance.now()
  while ((await statusOf(stage, '/readyz')) !== 200 && performance.now() - begun < 6 * readyWithinMs)
    await pause(20)
  return Math.round(performance.now() - begun)
}
