// A process with nothing to do: it asks little, is woken by what changes, and finds what no hint has told it of.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { allRows } from '../../src/objects/permissions.ts'
import { createRecords } from '../../src/objects/write-records.ts'
import { startBatches } from '../../src/runtime/batches/start-batches.ts'
import { startScheduler } from '../../src/runtime/schedules/start-scheduler.ts'
import type { Tell } from '../../src/runtime/schedules/tell-news.ts'
import type { Pool } from '../../src/store/db.ts'
import { grantCrew, openApi, type TestApi } from '../helpers/api.ts'
import { chain, publish, silentLog, startTestEngine, until } from '../helpers/engine.ts'

const hour = 3_600_000
const quiet: Tell = { mail: async () => undefined, webhook: async () => undefined, link: () => undefined }
let api: TestApi
const running: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  api = await openApi()
  await createRecords(api.pool, {
    collection: 'host',
    records: ['a1', 'a2'].map((id) => ({ id, name: id, cpu: 1 })),
    permissions: allRows,
  })
  await publish(api.pool, chain('nightly', [{ id: 'a', type: 'probe' }]))
  await publish(api.pool, { ...chain('patch', [{ id: 'p', type: 'probe' }]), target: { collection: 'host' } })
  for (const key of ['nightly', 'patch']) await grantCrew(api.pool, key, 'run')
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
  for (const table of ['schedules', 'batches']) await setTriggers(table, 'enable')
})
afterAll(() => api.close())

const setTriggers = (table: string, how: 'enable' | 'disable') =>
  api.pool.run(`alter table fermata.${table} ${how} trigger user`)

/** The same pool, counting statements by their names. */
function counting(pool: Pool): { pool: Pool; counts: Map<string, number> } {
  const counts = new Map<string, number>()
  const count = (name = 'without a name') => counts.set(name, (counts.get(name) ?? 0) + 1)
  const counted: Pool = {
    ...pool,
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      const rows = await pool.query<R>(text, values, name)
      count(name)
      return rows
    },
    async run(text, values, name) {
      const changed = await pool.run(text, values, name)
      count(name)
      return changed
    },
    async transaction(work) {
      const result = await pool.transaction(work)
      count('a transaction')
      return result
    },
  }
  return { pool: counted, counts }
}

/** Both, once each has looked and rests. */
async function run(idleMs: number): Promise<void> {
  const { pool, counts } = counting(api.pool)
  const parts = { pool, engine: api.engine, log: silentLog, idleMs }
  running.push(startScheduler({ ...parts, tell: quiet }), startBatches(parts))
  const asked = async () => [counts.get('read_schedule_work') ?? 0, counts.get('list_live_batches') ?? 0]
  await until(asked, ([schedules = 0, batches = 0]) => schedules >= 2 && batches >= 1)
}

/** Made while nobody looks, and due in a moment. */
async function makeSchedule(): Promise<() => Promise<string[]>> {
  const { id } = await api.engine.start({ workflow: 'nightly', by: { name: 'operator' } })
  expect(await api.engine.waitForEnd(id, 5000)).toBe('completed')
  const timing = { mode: 'monthly', day: 1, at: '00:00' }
  const body = { name: `from ${id}`, execution: id, timing, timeZone: 'UTC' }
  const { body: made } = await api.call('operator', 'POST /api/v1/schedules', body)
  await api.pool.run('update fermata.schedules set next_fire_at = now() + $2 where id = $1', [
    made.id,
    '200ms',
  ])
  return async () => {
    const rows = await api.pool.query<{ status: string; settled: boolean }>(
      'select status, settled from fermata.firings where schedule_id = $1',
      [made.id],
    )
    return rows.map(({ status, settled }) => `${status}${settled ? ', settled' : ''}`)
  }
}

const firedOnce = (firings: string[]) => firings.join() === 'started, settled'

async function makeBatch(): Promise<() => Promise<unknown>> {
  const body = { workflow: 'patch', targets: ['a1', 'a2'], parallel: 2 }
  const { body: made } = await api.call('operator', 'POST /api/v1/batches', body)
  return async () => (await api.call('operator', `GET /api/v1/batches/${made.id}`)).body.state
}

describe('who looks after schedules and batches', () => {
  it('is woken by one that is made while it rests', async () => {
    await run(hour)
    await until(await makeSchedule(), firedOnce)
    await until(await makeBatch(), (state) => state === 'completed')
  })

  it('finds one of which no hint has told', async () => {
    for (const table of ['schedules', 'batches']) await setTriggers(table, 'disable')
    await run(100)
    await until(await makeSchedule(), firedOnce)
    await until(await makeBatch(), (state) => state === 'completed')
  })

  it('looks at once when it hears again', async () => {
    await run(hour)
    for (const table of ['schedules', 'batches']) await setTriggers(table, 'disable')
    const firings = await makeSchedule()
    const state = await makeBatch()
    await api.pool.run(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where query = 'listen fermata' and datname = current_database()`,
    )
    await until(firings, firedOnce)
    await until(state, (now) => now === 'completed')
  })
})

describe('an engine', () => {
  it('with nothing to do asks for one thing with each heartbeat', async () => {
    const { pool, counts } = counting(api.pool)
    const engine = await startTestEngine(pool, { beatMs: 20 })
    running.push(engine)
    await until(
      async () => counts.get('beat') ?? 0,
      (beats) => beats >= 10,
    )
    counts.clear()
    await until(
      async () => counts.get('beat') ?? 0,
      (beats) => beats >= 50,
    )
    counts.delete('beat')
    // A poll may have come in between.
    const others = [...counts].map(([name, count]) => `${name.split(' ')[0]} ${count}`)
    expect(others.filter((other) => other !== 'next_due 1')).toEqual([])
  })
})
