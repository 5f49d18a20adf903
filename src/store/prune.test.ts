import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { publish } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { clearLeftovers, ownedTables } from './delete-executions.ts'
import { type Keeping, prune, pruneUnlessTaken, rulesFor } from './prune.ts'
import { countExpired } from './retention.ts'
import { noteTarget } from './targets.ts'

let database: TestDatabase
const forEver: Keeping = { keepDays: undefined, keepChangesDays: undefined }

beforeAll(async () => {
  database = await createTestDatabase()
  await publish(database.pool, { key: 'plain' })
  await publish(database.pool, { key: 'week', settings: { retention: { days: 7 } } })
  await publish(database.pool, { key: 'three', settings: { retention: { keep: 3 } } })
  await publish(database.pool, { key: 'quiet', settings: { retention: { deleteOn: ['completed'] } } })
})
afterAll(() => database.drop())
beforeEach(async () => {
  for (const table of [...ownedTables, 'executions', 'leftovers', 'targets', 'data_changes'])
    await database.pool.run(`delete from fermata.${table}`)
})

let last = 0
interface Made {
  workflow: string
  status?: string
  days?: number
  runs?: number
  logs?: number
  parent?: string
}

/** An execution that was made, and unless it is live ended, so many days ago. */
async function make({
  workflow,
  status = 'completed',
  days = 0,
  runs = 2,
  logs = 1,
  parent,
}: Made): Promise<string> {
  const { pool } = database
  const id = String(++last)
  const ended = !['queued', 'running', 'paused'].includes(status)
  await pool.run(
    `insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by, parent_id, dispatched,
       created_at, ended_at) select $1, $2, 1, $3, '{}', 'manual', 'ann', $4, $5, at, case when $6 then at end
     from (select now() - $7 * interval '1 day' - interval '1 minute' as at) t`,
    [id, workflow, status, parent ?? null, runs, ended, days],
  )
  await pool.run(
    `insert into fermata.node_runs (execution_id, run, attempt, node, status, seq)
     select $1, 'n' || n, 1, 'n', 'completed', 1 from generate_series(1, $2) n`,
    [id, runs],
  )
  await pool.run(
    `insert into fermata.run_logs (execution_id, run, attempt, line, at, level, text)
     select $1, 'n1', 1, n, now(), 'info', 'text' from generate_series(1, $2) n`,
    [id, logs],
  )
  await pool.run(`insert into fermata.acts (execution_id, act, by) values ($1, 'pause', 'ann')`, [id])
  return id
}

const left = async () =>
  (await database.pool.query<{ id: string }>('select id from fermata.executions order by id')).map(
    ({ id }) => id,
  )

async function rowsLeft(table: string): Promise<number> {
  const [row] = await database.pool.query<{ n: number }>(`select count(*)::int as n from fermata.${table}`)
  return row?.n ?? -1
}

describe('retention (rule 38)', () => {
  it('knows every table with rows of an execution', async () => {
    const tables = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
       where table_schema = 'fermata' and table_type = 'BASE TABLE' and column_name = 'execution_id' and not table_name = any($1) order by 1`,
      // Schedules with their firings and batches are kept on their own account.
      [['leftovers', 'schedules', 'firings', 'batch_targets']],
    )
    expect(tables.map(({ name }) => name)).toEqual([...ownedTables].sort())
  })

  it('deletes by age with all rows, of each workflow what it says itself', async () => {
    await make({ workflow: 'plain', days: 40 })
    const young = await make({ workflow: 'plain', days: 20 })
    await make({ workflow: 'week', days: 8, status: 'failed' })
    const fresh = await make({ workflow: 'week', days: 6 })
    const { executions } = await prune(database.pool, { keeping: { ...forEver, keepDays: 30 } })
    expect(executions).toBe(2)
    expect(await left()).toEqual([young, fresh])
    expect(await rowsLeft('node_runs')).toBe(4)
    expect(await rowsLeft('run_logs')).toBe(2)
    expect(await rowsLeft('acts')).toBe(2)
  })

  it('keeps everything of workflows that say nothing when the setting says for ever', async () => {
    await make({ workflow: 'plain', days: 4000 })
    expect(await prune(database.pool, { keeping: forEver })).toMatchObject({ executions: 0 })
  })

  it('keeps the newest of a workflow, and deletes by status', async () => {
    const all: string[] = []
    for (let days = 9; days >= 0; days--) all.push(await make({ workflow: 'three', days }))
    await make({ workflow: 'quiet' })
    const failed = await make({ workflow: 'quiet', status: 'failed' })
    await prune(database.pool, { keeping: forEver })
    expect(await left()).toEqual([...all.slice(-3), failed])
  })

  it('never deletes what is live, nor what a live execution has started', async () => {
    const live: string[] = []
    for (const status of ['queued', 'running', 'paused'])
      live.push(await make({ workflow: 'week', days: 99, status }))
    const child = await make({ workflow: 'week', days: 99, parent: live[1] ?? '' })
    const orphan = await make({ workflow: 'week', days: 99, parent: '999999' })
    await prune(database.pool, { keeping: { ...forEver, keepDays: 1 } })
    expect(await left()).toEqual([...live, child])
    expect(orphan).toBeDefined()
  })

  it('leaves alone what somebody is writing to, and takes it the next time', async () => {
    const held = await make({ workflow: 'week', days: 9 })
    await make({ workflow: 'week', days: 8 })
    await database.pool.transaction(async (tx) => {
      await tx.run('update fermata.executions set seq = seq + 1 where id = $1', [held])
      await prune(database.pool, { keeping: forEver })
      expect(await left()).toEqual([held])
    })
    await prune(database.pool, { keeping: forEver })
    expect(await left()).toEqual([])
  })

  it('clears a large execution piece by piece, and goes on where a killed process stopped', async () => {
    await make({ workflow: 'week', days: 9, runs: 6000 })
    await make({ workflow: 'week', days: 9, logs: 7000 })
    const stopped = new AbortController()
    stopped.abort()
    await prune(database.pool, { keeping: forEver, signal: stopped.signal })
    expect(await rowsLeft('leftovers')).toBe(0)
    const { executions } = await prune(database.pool, { keeping: forEver })
    expect(executions).toBe(2)
    expect([await rowsLeft('node_runs'), await rowsLeft('run_logs'), await rowsLeft('leftovers')]).toEqual([
      0, 0, 0,
    ])
    // As if killed after the execution was gone, with nothing but its rows left.
    await make({ workflow: 'plain', runs: 300 })
    await database.pool.run('insert into fermata.leftovers select id from fermata.executions')
    await database.pool.run('delete from fermata.executions')
    expect(await clearLeftovers(database.pool, 100)).toBeGreaterThan(0)
    await prune(database.pool, { keeping: forEver })
    expect([await rowsLeft('node_runs'), await rowsLeft('acts'), await rowsLeft('leftovers')]).toEqual([
      0, 0, 0,
    ])
  })

  it('counts beforehand what it then deletes', async () => {
    for (let days = 0; days < 20; days++) await make({ workflow: days % 2 ? 'week' : 'three', days })
    const options = { keeping: { ...forEver, keepDays: 12 } }
    let counted = 0
    for (const rule of await rulesFor(database.pool, options))
      counted += await countExpired(database.pool, rule)
    expect(counted).toBeGreaterThan(5)
    expect(await prune(database.pool, options)).toMatchObject({ executions: counted })
  })

  it('prunes one workflow alone when asked to', async () => {
    await make({ workflow: 'week', days: 9 })
    const other = await make({ workflow: 'plain', days: 99 })
    await prune(database.pool, { keeping: { ...forEver, keepDays: 1 }, workflow: 'week' })
    expect(await left()).toEqual([other])
  })

  it('deletes old changes of records, and labels of targets that nothing names any more', async () => {
    const { pool } = database
    await pool.run(
      `insert into fermata.data_changes (at, collection, record_id, op) select now() - n * interval '1 day', 'host', n, 'insert'
       from generate_series(10, 1, -1) n`,
    )
    await noteTarget(pool, { collection: 'host', id: '1', label: 'gone' })
    await noteTarget(pool, { collection: 'host', id: '2', label: 'just noted' })
    await pool.run(`update fermata.targets set noted_at = now() - interval '3 days' where id = '1'`)
    expect(await prune(pool, { keeping: { ...forEver, keepChangesDays: 4 } })).toMatchObject({ changes: 7 })
    expect(await rowsLeft('targets')).toBe(1)
  })

  it('deletes old firings of schedules, and no execution of which people are still to be told', async () => {
    const { pool } = database
    const [schedule] = await pool.query<{ id: string }>(
      `insert into fermata.schedules (name, workflow, version, execution_id, inputs, timing, time_zone, missed, overlap, notify,
         state, owner_id, owner) values ('s', 'week', 1, 1, '{}', '{}', 'UTC', 'skip', 'allow', '[]', 'active', 1, 'ann')
       returning id`,
    )
    const told = await make({ workflow: 'week', days: 9 })
    const untold = await make({ workflow: 'week', days: 9 })
    await pool.run(
      `insert into fermata.firings (schedule_id, due_at, status, execution_id, settled)
       select $1, now() - n * interval '1 day', status, execution, settled from (values
         (9, 'started', $2::bigint, true), (10, 'started', $3, false), (11, 'skipped', null, false), (1, 'missed', null, false))
         as f (n, status, execution, settled)`,
      [schedule?.id, told, untold],
    )
    await prune(pool, { keeping: { ...forEver, keepDays: 7 } })
    expect(await left()).toEqual([untold])
    expect(await pool.query('select status, settled from fermata.firings order by due_at')).toEqual([
      { status: 'started', settled: false },
      { status: 'missed', settled: false },
    ])
    await pool.run('delete from fermata.schedules')
  })

  it('is the work of one process at a time', async () => {
    await make({ workflow: 'week', days: 9 })
    await database.pool.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(7070012)')
      expect(await pruneUnlessTaken(database.pool, { keeping: forEver })).toBeUndefined()
    })
    expect(await pruneUnlessTaken(database.pool, { keeping: forEver })).toMatchObject({ executions: 1 })
  })
})
