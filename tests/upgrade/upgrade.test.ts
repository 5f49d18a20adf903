// A new program on the database of each release: whatever was in flight goes on (reliability R16).
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restoreBackup } from '../../src/store/backup/restore-backup.ts'
import { openPool, type Pool } from '../../src/store/db.ts'
import { listMigrations, migrate } from '../../src/store/migrate.ts'
import { dumpSchema } from '../../src/store/schema-dump.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { carryOn, outputsOf } from './in-flight.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const releases = readdirSync(fixtures)
  .filter((name) => name.endsWith('.backup'))
  .map((name) => name.slice(0, -'.backup'.length))

let server: TestDatabase
const opened: Pool[] = []
beforeAll(async () => {
  server = await createTestDatabase()
})
afterAll(async () => {
  for (const pool of opened) {
    await pool.close()
    await server.pool.run(`drop database ${pool.config.database} with (force)`)
  }
  await server.drop()
})

async function emptyDatabase(): Promise<Pool> {
  const name = `${server.pool.config.database}_${opened.length}`
  await server.pool.run(`create database ${name} template template0`)
  const pool = openPool({ ...server.pool.config, database: name })
  opened.push(pool)
  return pool
}

describe('an upgrade', () => {
  it('has something to upgrade from', () => expect(releases).toContain('0.1'))

  it.each(releases)('carries on what release %s had in flight', async (release) => {
    const pool = await emptyDatabase()
    await restoreBackup(pool, join(fixtures, `${release}.backup`))
    expect(await dumpSchema(pool)).toBe(await dumpSchema(server.pool))
    const { ended, repeated } = await carryOn(pool)
    expect(ended.map(({ workflow }) => workflow)).toEqual([
      ...['held', 'kid', 'loop', 'not-repeatable', 'one-by-one', 'one-by-one', 'over', 'paused'],
      ...['repeatable', 'waits-for-child', 'waits-for-person', 'waits-for-time'],
    ])
    expect(ended.filter(({ status }) => status !== 'completed')).toEqual([])
    // What may not be repeated was not; what may be, once.
    expect(repeated).toEqual([])
    expect(await outputsOf(pool, 'waits-for-time')).toContainEqual([
      'b',
      'completed',
      { text: 'before and after' },
    ])
    expect(await outputsOf(pool, 'not-repeatable')).toEqual([
      ['b', 'completed', { text: 'after' }],
      ['e', 'completed', 'a person looked'],
    ])
  })

  it.each(releases)('finds the migrations of release %s as they were', async (release) => {
    const released = JSON.parse(readFileSync(join(fixtures, `${release}.json`), 'utf8')) as Record<
      string,
      string
    >
    const now = (await listMigrations()).map(({ name, path }) => [
      name,
      createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16),
    ])
    // A change belongs into a new migration: this one has been applied elsewhere.
    expect(Object.fromEntries(now)).toMatchObject(released)
  })
})

describe('a migration that dies', () => {
  it('at any of its statements is applied by the next start', async () => {
    const pool = await emptyDatabase()
    await pool.run(killer)
    const applied = async () => {
      const [row] = await pool.query<{ n: number }>(
        `select case when to_regclass('fermata.migrations') is null then 0
           else (xpath('//n/text()', query_to_xml('select count(*) as n from fermata.migrations', false, true, '')))[1]::text::int end as n`,
      )
      return row?.n ?? 0
    }
    const wanted = (await listMigrations()).length
    let deaths = 0
    let before = 0
    for (let statement = 1; before < wanted; statement++) {
      await pool.query(`select setval('public.countdown', $1)`, [1000 - statement])
      const outcome = await migrate(pool).then(
        () => 'done',
        () => 'died',
      )
      if (outcome === 'died') deaths++
      const now = await applied()
      if (now > before) statement = 0
      before = now
    }
    await pool.run(
      'drop event trigger kill_migration; drop function public.kill_migration(); drop sequence public.countdown',
    )
    expect(deaths).toBeGreaterThan(wanted * 3)
    expect(await dumpSchema(pool)).toBe(await dumpSchema(server.pool))
  }, 120_000)

  /** Ends the connection at the statement at which the countdown, which no rollback turns back, is over. */
  const killer = `
    create sequence public.countdown;
    create function public.kill_migration() returns event_trigger language plpgsql as $$
    begin
      if nextval('public.countdown') = 1000 then perform pg_terminate_backend(pg_backend_pid()); end if;
    end $$;
    create event trigger kill_migration on ddl_command_end execute function public.kill_migration()`
})
