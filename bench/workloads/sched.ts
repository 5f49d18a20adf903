// SCHED: 10,000 schedules, due at the same second and spread over ten seconds; two engines with a scheduler each.
import { createUser } from '../../src/access/users.ts'
import { startScheduler } from '../../src/runtime/schedules/start-scheduler.ts'
import { openPool } from '../../src/store/db.ts'
import { bareFirings } from '../limits/bare-firings.ts'
import { type BenchDatabase, openBenchDatabase } from '../run/database.ts'
import { openEngine, publish } from '../run/engine.ts'
import { median } from '../run/median.ts'
import type { Row, Section, Workload } from '../run/workload.ts'

const tell = { mail: async () => undefined, webhook: async () => undefined, link: () => undefined }
const log = { info() {}, warn: console.warn, error: console.error }

export const workload: Workload = {
  summary:
    '10,000 schedules due at one second, and spread over ten: how late they start, none twice, none lost',
  async run({ rounds, quick }) {
    const count = quick ? 1000 : 10_000
    const database = await openBenchDatabase()
    const stop = await openSchedulers(database)
    try {
      await publish(database.pool, {
        ...{ format: 'fermata/1', key: 'sched', title: 'sched' },
        nodes: [{ id: 'a', type: 'set', config: { values: { x: 1 } } }],
        edges: [],
      })
      return [
        await measure(database, { title: `SCHED ${count} at one second`, count, spread: 0, rounds }),
        await measure(database, { title: `SCHED ${count} over ten seconds`, count, spread: 10, rounds }),
      ]
    } finally {
      await stop()
      await database.close()
    }
  },
}

/** Each with connections of its own, as two processes have. */
async function openSchedulers(database: BenchDatabase): Promise<() => Promise<void>> {
  const { id } = await createUser(database.pool, { name: 'bench', roles: ['admin'] })
  if (id !== ownerId) throw new Error('The user of the bench must be the first one')
  const parts = await Promise.all(
    [1, 2].map(async () => {
      const pool = openPool({ ...database.pool.config, max: 8 })
      const engine = await openEngine(pool)
      return { pool, engine, scheduler: startScheduler({ pool, engine, log, tell }) }
    }),
  )
  return async () => {
    for (const { pool, engine, scheduler } of parts) {
      await scheduler.stop()
      await engine.stop()
      await pool.close()
    }
  }
}

const ownerId = '1'

interface Delays {
  p50: number
  p99: number
  max: number
  executions: number
  /** From the first time due to the last execution. */
  ms: number
}

async function measure(
  { pool }: BenchDatabase,
  given: { title: string; count: number; spread: number; rounds: number },
): Promise<Section> {
  const { title, count, spread } = given
  const raw: (Delays & { perSecond: number; bare: number })[] = []
  for (let round = 0; round < given.rounds; round++) {
    await makeSchedules(pool, { count, spread: 0, state: 'paused', afterMs: 0 })
    const bare = await bareFirings(pool)
    await makeSchedules(pool, { count, spread, state: 'active', afterMs: 3000 })
    const delays = await untilFired(pool, count)
    raw.push({ ...delays, bare, perSecond: (delays.executions / delays.ms) * 1000 })
  }
  const of = (key: keyof (typeof raw)[number]) => median(raw.map((delays) => delays[key]))
  const rows = [
    { name: 'start after the time due, p50', value: of('p50'), unit: 'ms' },
    { name: 'p99', value: of('p99'), unit: 'ms' },
    { name: 'latest', value: of('max'), unit: 'ms' },
    ...(spread > 0 ? [] : [rateOf(raw)]),
    { name: 'lost', value: Math.max(...raw.map(({ executions }) => count - executions)) },
  ]
  return { title, rows, raw }
}

/** From the time due to the last execution. */
const rateOf = (raw: readonly { perSecond: number; bare: number }[]): Row => ({
  name: 'firings',
  value: median(raw.map(({ perSecond }) => perSecond)),
  unit: '/s',
  limit: median(raw.map(({ bare }) => bare)),
  limitIs: 'bare insert of the rows',
  ratio: median(raw.map(({ perSecond, bare }) => perSecond / bare)),
})

/** In place of those of the round before; the database knows its tables, as one that is used does. */
async function makeSchedules(
  pool: BenchDatabase['pool'],
  given: { count: number; spread: number; state: 'active' | 'paused'; afterMs: number },
): Promise<void> {
  await pool.run('delete from fermata.schedules')
  await pool.run('vacuum analyze fermata.schedules, fermata.firings')
  await pool.run(
    `insert into fermata.schedules (name, workflow, version, execution_id, inputs, timing, time_zone, missed, overlap,
       notify, state, owner_id, owner, next_fire_at)
     select 's' || n, 'sched', 1, 1, '{}', '{"mode":"monthly","day":1,"at":"00:00"}', 'UTC', 'latest', 'skip',
       '{"on":[]}', $4, $3, 'bench', date_trunc('second', now()) + $5 * interval '1 ms' + make_interval(secs => $2::float8 * n / $1)
     from generate_series(1, $1::int) n`,
    [given.count, given.spread, ownerId, given.state, given.afterMs],
  )
}

const patienceMs = 60_000

/** Waits until every schedule has its execution, or a minute has passed: what is missing then is lost. */
async function untilFired(pool: BenchDatabase['pool'], count: number): Promise<Delays> {
  for (const until = performance.now() + patienceMs; ; ) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const [row] = await pool.query<Delays & { ended: number; doubled: number }>(
      `select count(*)::int as executions, count(*) filter (where e.ended_at is not null)::int as ended,
         (count(*) - count(distinct f.schedule_id))::int as doubled,
         percentile_cont(0.5) within group (order by late) as p50, percentile_cont(0.99) within group (order by late) as p99,
         max(late)::float8 as max, extract(epoch from max(e.created_at) - min(f.due_at))::float8 * 1000 as ms
       from fermata.firings f join fermata.executions e on e.id = f.execution_id,
         lateral (select extract(epoch from e.created_at - f.due_at)::float8 * 1000 as late) d`,
    )
    if (!row) continue
    if (row.doubled > 0) throw new Error(`${row.doubled} schedules fired twice`)
    if (row.ended >= count || performance.now() > until) return row
  }
}
