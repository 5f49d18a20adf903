import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../../tests/helpers/data-center.ts'
import {
  chain,
  createProbe,
  type Probe,
  publish,
  startTestEngine,
  until,
} from '../../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import type { RunningEngine } from '../../runtime/start-engine.ts'
import { openPool, type Pool } from '../db.ts'
import { dumpSchema } from '../schema-dump.ts'
import { makeBackup } from './make-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { listTables, nameOf } from './tables.ts'

let database: TestDatabase
let folder: string
const copies: Pool[] = []
const by = { name: 'ann' }

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'fermata-backup-'))
  await createDataCenter(database.pool)
})
afterAll(async () => {
  for (const pool of copies) {
    await pool.close()
    await database.pool.run(`drop database ${pool.config.database} with (force)`)
  }
  await database.drop()
  await rm(folder, { recursive: true })
})

/** A database with nothing in it, on the same server. */
async function emptyDatabase(): Promise<Pool> {
  const name = `${database.pool.config.database}_${copies.length}`
  await database.pool.run(`create database ${name} template template0`)
  const pool = openPool({ ...database.pool.config, database: name })
  copies.push(pool)
  return pool
}

/** Every row of every table that a backup holds, as text. */
async function contents(pool: Pool): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const table of await listTables(pool))
    all[nameOf(table)] = await pool.query(`select t::text as row from ${nameOf(table)} t order by 1`)
  return all
}

/** Keys, indexes, triggers and columns of the tables of collections. */
const shapeOf = (pool: Pool) =>
  pool.query(`
    select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as text from pg_constraint
      where connamespace = 'data'::regnamespace
    union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'data'
    union all select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger
      where not tgisinternal and tgrelid::regclass::text like 'data.%'
    union all select table_name, column_name, concat(data_type, ' ', column_default, ' ', generation_expression, ' ', is_nullable)
      from information_schema.columns where table_schema = 'data'
    order by 1, 2, 3`)

describe('backup and restore', () => {
  it('bring back every row, table, rule and sequence', async () => {
    const file = join(folder, 'quiet')
    const engine = await startTestEngine(database.pool)
    await publish(
      database.pool,
      chain('quiet', [{ id: 'a', type: 'set', config: { values: { odd: 'tab\t \\ "x" \u00e9 \n' } } }]),
    )
    for (let n = 0; n < 5; n++) await engine.start({ workflow: 'quiet', by })
    await engine.stop()
    const made = await makeBackup(database.pool, file)
    expect(made.bytes).toBe((await stat(file)).size)
    const copy = await emptyDatabase()
    const restored = await restoreBackup(copy, file)
    expect(restored).toMatchObject({ rows: made.rows, tables: made.tables })
    expect(restored).not.toHaveProperty('secretKey')
    // Making collections again is a change of the catalogue.
    const [before, after] = [await contents(database.pool), await contents(copy)]
    expect({ ...after, 'fermata."catalogue"': 0 }).toEqual({ ...before, 'fermata."catalogue"': 0 })
    expect(await shapeOf(copy)).toEqual(await shapeOf(database.pool))
    expect(await dumpSchema(copy)).toBe(await dumpSchema(database.pool))
    const next = "select nextval('fermata.execution_ids') as id"
    expect(await copy.query(next)).toEqual(await database.pool.query(next))
    const insert = `insert into data.unit (name) values ('new') returning id`
    expect(await copy.query(insert)).toHaveLength(1)
    const changes = 'select count(*)::int as n from fermata.data_changes'
    const [{ n = 0 } = {}] = await database.pool.query<{ n: number }>(changes)
    expect(await copy.query(changes)).toEqual([{ n: n + 1 }])
  })

  it('refuse a file that is there, a database that is not empty, and a file that is not whole', async () => {
    const file = join(folder, 'whole')
    await makeBackup(database.pool, file)
    await expect(makeBackup(database.pool, file)).rejects.toMatchObject({ code: 'already-exists' })
    await expect(restoreBackup(database.pool, file)).rejects.toMatchObject({ code: 'already-exists' })
    await expect(restoreBackup(await emptyDatabase(), join(folder, 'none'))).rejects.toMatchObject({
      code: 'not-found',
    })
    const bytes = await readFile(file)
    const plain = zstdDecompressSync(bytes)
    const flipped = Buffer.from(plain)
    flipped.write('Quiet', plain.lastIndexOf('quiet'))
    const spoiled: Record<string, Buffer> = {
      cut: bytes.subarray(0, bytes.length - 200),
      short: zstdCompressSync(plain.subarray(0, plain.length - 500)),
      flipped: zstdCompressSync(flipped),
      other: Buffer.from('something else\n'),
      json: zstdCompressSync(Buffer.from('{"a":1}\n')),
    }
    const empty = await emptyDatabase()
    for (const [name, content] of Object.entries(spoiled)) {
      await writeFile(join(folder, name), content)
      await expect(restoreBackup(empty, join(folder, name)), name).rejects.toMatchObject({
        code: 'bad-request',
      })
    }
    // Nothing is left of those: the whole one still finds an empty database.
    await restoreBackup(empty, file)
  })

  it('keep the key with the secrets only when asked to', async () => {
    const file = join(folder, 'with-key')
    await makeBackup(database.pool, file, { secretKey: 'the key' })
    expect(await restoreBackup(await emptyDatabase(), file)).toMatchObject({ secretKey: 'the key' })
    expect((await stat(file)).mode & 0o077).toBe(0)
  })
})

describe('a backup made under load', () => {
  let engine: RunningEngine
  const idempotent = createProbe('again', { idempotent: true })
  const once = createProbe('once')
  const slowly = (probe: Probe) => {
    probe.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return { type: 'done', output: 1 }
    }
  }

  it('is of one moment, and its executions go on elsewhere; what was in flight is judged as interrupted', async () => {
    for (const probe of [idempotent, once]) slowly(probe)
    engine = await startTestEngine(database.pool, { probes: [idempotent, once] })
    const steps = (type: string) => [1, 2, 3, 4, 5, 6].map((n) => ({ id: `n${n}`, type, config: {} }))
    await publish(database.pool, { ...chain('again', steps('again')), settings: { onFailure: 'hold' } })
    await publish(database.pool, { ...chain('once', steps('once')), settings: { onFailure: 'hold' } })
    await publish(
      database.pool,
      chain('nap', [{ id: 'd', type: 'delay', config: { for: '1s' } }, ...steps('again').slice(0, 1)]),
    )
    let going = true
    const load = Promise.all(
      ['again', 'once', 'nap', 'again', 'once'].map(async (workflow) => {
        while (going) {
          const { id } = await engine.start({ workflow, by })
          if (workflow !== 'nap') await engine.waitForEnd(id, 10_000)
        }
      }),
    )
    await until(
      () => database.pool.query(`select from fermata.queue where kind = 'run' and claimed_by is not null`),
      (rows) => rows.length > 2,
    )
    const file = join(folder, 'busy')
    await makeBackup(database.pool, file)
    going = false
    await load
    await engine.stop()
    const copy = await emptyDatabase()
    await restoreBackup(copy, file)
    expect(await breaches(copy)).toEqual([])
    await goOn(copy)
  }, 60_000)

  /** What can only be if rows of different moments came together. */
  const breaches = (pool: Pool) =>
    pool.query(`
      select 'a row from later than its execution' as what, n.execution_id as id from fermata.all_node_runs n
        left join fermata.executions e on e.id = n.execution_id where n.seq > coalesce(e.seq, 0)
      union all select 'queued after the end', q.execution_id from fermata.queue q
        left join fermata.executions e on e.id = q.execution_id where e.id is null or e.ended_at is not null
      union all select 'live, and nothing carries it on', e.id from fermata.executions e
        where e.status = 'running' and not e.attention and not exists (select from fermata.queue q where q.execution_id = e.id)`)

  async function goOn(pool: Pool): Promise<void> {
    const inFlight = await pool.query<{ id: string; workflow: string }>(
      `select execution_id as id, workflow from fermata.queue where kind = 'run' and claimed_by is not null`,
    )
    expect(inFlight.length).toBeGreaterThan(0)
    once.calls.length = 0
    const again = await startTestEngine(pool, { probes: [idempotent, once] })
    const rows = await until(
      () =>
        pool.query<{ id: string; workflow: string; status: string; attention: boolean }>(
          'select id, workflow, status, attention from fermata.executions where workflow <> $1',
          ['quiet'],
        ),
      (all) => all.every(({ status, attention }) => status !== 'running' || attention),
      30_000,
    )
    await again.stop()
    const wasInFlight = new Set(inFlight.map(({ id }) => id))
    for (const { id, workflow, status, attention } of rows) {
      // What may not be repeated silently waits for a person; everything else has completed.
      const held = workflow === 'once' && wasInFlight.has(id)
      expect({ id, workflow, status, attention }).toEqual({
        id,
        workflow,
        status: held ? 'running' : 'completed',
        attention: held,
      })
    }
    expect(once.calls.filter(({ execution }) => wasInFlight.has(execution))).toEqual([])
  }
})
