// R8: thousands of delays, and tasks with a deadline that nobody answers, their process killed and away for a while: each
// fires once, none early, overdue ones at once.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument, StubNode } from '../harness/document-shape.ts'
import { leftAlone } from '../harness/generate-nodes.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'

const seconds = [4, 5, 6, 8, 10, 12, 15, 18, 22, 26]
const awayMs = 6000
/** A small size is started sooner, and is over sooner. */
const small = { most: 1000, seconds: [2, 3, 4, 5, 6, 8], awayMs: 3000 }
/** Overdue ones have fired by then. */
const overdueWithinMs = 30_000
const batch = 100
/** One in ten waits for somebody who does not come. */
const napsPerTask = 9

/** A unit is one waiting execution; L9 too, which wants ten thousand of them. */
export const pending: ChaosCase = {
  id: 'R8',
  title: 'timers pending while nobody is there',
  units: { T0: 300, T1: 10_000, T2: 10_000 },
  perChunk: { one: 10_000, three: 10_000 },
  async run(ground, { seed, processes, units }) {
    const options = {
      seed,
      processes,
      documents: (units < small.most ? small.seconds : seconds).flatMap((delay) => [
        ...Array.from({ length: napsPerTask }, (_, n) => napping(delay, n)),
        asking(delay),
      ]),
    }
    const outcome = await runChaos(ground, options, async (stage) => {
      await startAll(stage, units)
      await Promise.all(stage.fleet.members.map((_, place) => stage.fleet.end(place, 'SIGKILL')))
      await pause(units < small.most ? small.awayMs : awayMs)
      const upAt = Date.now()
      await Promise.all(stage.fleet.members.map((_, place) => stage.fleet.fill(place)))
      await untilOverdueFired(stage, upAt)
      return complainAbout(stage, upAt)
    })
    return { ...outcome, faults: units }
  },
}

const napping = (delay: number, n: number): StubDocument =>
  waiting(`nap-${delay}-${n}`, { id: 'nap', type: 'delay', config: { for: `${delay}s` } })

const asking = (delay: number): StubDocument =>
  waiting(`ask-${delay}`, {
    ...{ id: 'ask', type: 'approval', config: { title: leftAlone } },
    policy: { timeout: `${delay}s`, onError: 'fail' },
  })

function waiting(key: string, node: StubNode): StubDocument {
  return {
    ...{ format: 'fermata/1', key, title: key, kind: 'main', settings: {}, edges: [] },
    inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    nodes: [node],
  }
}

async function startAll({ load }: Stage, units: number): Promise<void> {
  for (let n = 0; n < units; n += batch) {
    await Promise.all(Array.from({ length: Math.min(batch, units - n) }, () => load.start()))
  }
}

async function untilOverdueFired({ database }: Stage, upAt: number): Promise<void> {
  const overdue = `select from fermata.queue where kind in ('wake', 'timeout') and due_at < to_timestamp($1) limit 1`
  while ((await database.pool.query(overdue, [upAt / 1000])).length > 0) await pause(50)
}

async function complainAbout({ database }: Stage, upAt: number): Promise<string[]> {
  const late = Date.now() - upAt
  const [early] = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from public.leases l join public.leases d using (execution_id, run, attempt, kind)
     where kind in ('wake', 'timeout') and l.op = 'insert' and d.op = 'delete' and d.at < l.due_at`,
  )
  return [
    ...(late > overdueWithinMs ? [`overdue timers took ${late} ms`] : []),
    ...(early?.count ? [`${early.count} timers fired early`] : []),
  ]
}
