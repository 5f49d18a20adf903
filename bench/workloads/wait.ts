// WAIT: 10,000 executions wait at the same time, for people or for one moment; what they hold, how fast all wake.
import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { openBenchDatabase } from '../run/database.ts'
import { type Bench, openBench, publish } from '../run/engine.ts'
import { inFlight } from '../run/in-flight.ts'
import { median } from '../run/median.ts'
import { settledMemory } from '../run/memory.ts'
import type { Section, Workload } from '../run/workload.ts'

const by = { name: 'bench' }
const atOnce = 64

export const workload: Workload = {
  summary: '10,000 waiting executions: memory of each, all woken by answers and by one moment',
  async run({ rounds, quick }) {
    const count = quick ? 1000 : 10_000
    const database = await openBenchDatabase()
    const bench = await openBench(database)
    try {
      await publish(database.pool, waitsIn('wait-person', { type: 'manual', config: { title: 'Go on' } }))
      await publish(
        database.pool,
        waitsIn('wait-time', { type: 'delay', config: { until: '{{ inputs.at }}' } }),
      )
      // The heap has its size after this, and the rate of starting is known.
      const first = await waitForPeople(bench, count)
      const people: Waited[] = []
      const moments: number[] = []
      for (let round = 0; round < rounds; round++) {
        people.push(await waitForPeople(bench, count))
        moments.push(await waitForMoment(bench, count, first.started))
      }
      return [summarise({ people, moments, count })]
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  },
}

function waitsIn(key: string, node: { type: string; config: JsonObject }): WorkflowDocument {
  return {
    ...{ format: 'fermata/1', key, title: key },
    nodes: [
      { id: 'waits', ...node },
      { id: 'after', type: 'set', config: { values: { done: true } } },
    ],
    edges: [{ from: 'waits', to: 'after' }],
  }
}

interface Waited {
  /** Seconds until all were waiting, and until all had completed after the first answer. */
  started: number
  woken: number
  /** Bytes that each waiting execution added. */
  rss: number
  heap: number
}

async function waitForPeople({ engine, database }: Bench, count: number): Promise<Waited> {
  const before = settledMemory()
  const started = await timed(() =>
    inFlight({ count, atOnce }, () => engine.start({ workflow: 'wait-person', by })),
  )
  const after = settledMemory()
  const tasks = await database.pool.query<{ id: string }>(
    `select id from fermata.tasks where status = 'open' order by id`,
  )
  if (tasks.length !== count) throw new Error(`${tasks.length} of ${count} are waiting`)
  const woken = await timed(() =>
    inFlight({ count, atOnce }, (n) => engine.answerTask(tasks[n]?.id ?? '', { output: { n } }, by)),
  )
  await refuseLive(database.pool)
  const each = (read: (memory: typeof before) => number) => (read(after) - read(before)) / count
  return { started, woken, rss: each(({ rss }) => rss), heap: each(({ heap }) => heap) }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function refuseLive(pool: Bench['database']['pool']): Promise<void> {
  const live = await countLive(pool)
  if (live > 0) throw new Error(`${live} executions have not ended`)
}

async function countLive(pool: Bench['database']['pool']): Promise<number> {
  const [row] = await pool.query<{ n: number }>(
    'select count(*)::int as n from fermata.executions where ended_at is null',
  )
  return row?.n ?? 0
}

const patienceMs = 60_000

/** All wait for one moment; seconds from it to the end of the last one, by the clock of the database. */
async function waitForMoment(
  { engine, database }: Bench,
  count: number,
  startSeconds: number,
): Promise<number> {
  const { pool } = database
  const moment = Date.now() + startSeconds * 2000 + 2000
  const inputs = { at: new Date(moment).toISOString() }
  await inFlight({ count, atOnce }, () => engine.start({ workflow: 'wait-time', inputs, by }))
  if (Date.now() > moment) throw new Error('The moment came before all were waiting')
  await pause(moment - Date.now())
  while ((await countLive(pool)) > 0) {
    if (Date.now() > moment + patienceMs) throw new Error(`${await countLive(pool)} were never woken`)
    await pause(100)
  }
  const [row] = await pool.query<{ at: number }>(
    `select extract(epoch from max(ended_at))::float8 * 1000 as at from fermata.executions where workflow = 'wait-time'`,
  )
  return ((row?.at ?? Number.NaN) - moment) / 1000
}

interface Rounds {
  people: Waited[]
  moments: number[]
  count: number
}

function summarise({ people, moments, count }: Rounds): Section {
  const of = (read: (waited: Waited) => number) => median(people.map(read))
  const rss = of((waited) => waited.rss)
  const heap = of((waited) => waited.heap)
  const answers = of((waited) => waited.woken)
  const moment = median(moments)
  return {
    title: `WAIT ${count.toLocaleString('en-US')}`,
    rows: [
      { name: 'RSS per waiting execution', value: rss, unit: 'B' },
      { name: 'heap per waiting execution', value: heap, unit: 'B' },
      { name: 'all started and waiting', value: of(({ started }) => started), unit: 's' },
      { name: 'all woken by answers to their tasks', value: answers, unit: 's' },
      { name: 'all woken at one moment', value: moment, unit: 's' },
    ],
    bars: { 'wait.memory': Math.max(rss, heap), 'wait.woken': Math.max(answers, moment) },
  }
}
