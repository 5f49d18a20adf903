import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { configFor } from '../../tests/helpers/postgres-server.ts'
import { AppError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import { openPool } from '../store/db.ts'
import { migrate } from '../store/migrate.ts'
import { type RunSqlOptions, runSql } from './run-sql.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.run(`create table data.sql_host (id text primary key, name text, cores int)`)
  await database.pool.run(`insert into data.sql_host values ('h1', 'alpha', 4), ('h2', 'beta', 8)`)
})
afterAll(() => database.drop())

const run = (text: string, values: Json[] = [], options: RunSqlOptions = {}) =>
  runSql(database.pool, { text, values }, options)
const refusal = (text: string, options: RunSqlOptions = {}) =>
  run(text, [], options).then(
    (answer) => expect.fail(`answered ${JSON.stringify(answer)}`),
    (error: AppError) => error,
  )

describe('a statement', () => {
  it('takes parameters and answers rows as JSON', async () => {
    const answer = await run('select name, cores from sql_host where id = $1 or name = any($2) order by 1', [
      'h1',
      ['beta'],
    ])
    expect(answer).toEqual({
      rows: [
        { name: 'alpha', cores: 4 },
        { name: 'beta', cores: 8 },
      ],
      rowCount: 2,
    })
  })

  it('never reads a parameter as SQL', async () => {
    const answer = await run('select $1::text as v', [`'; drop table sql_host; --`])
    expect(answer.rows).toEqual([{ v: `'; drop table sql_host; --` }])
  })

  it('answers every kind of value as JSON', async () => {
    const { rows } = await run(`select true as b, 9007199254740993 as big, 1.5::numeric as n, null as nothing,
      '{"a":[1]}'::jsonb as j, '2026-11-21 10:00:00+02'::timestamptz as at, '2026-11-21 10:00'::timestamp as local,
      '2026-11-21'::date as day, array['x','y'] as list, array[1,2] as ints, 'NaN'::float8 as nan, '1 day'::interval as i`)
    expect(rows).toEqual([
      {
        b: true,
        big: '9007199254740993',
        n: 1.5,
        nothing: null,
        j: { a: [1] },
        at: '2026-11-21T08:00:00.000Z',
        local: '2026-11-21T10:00:00',
        day: '2026-11-21',
        list: ['x', 'y'],
        ints: [1, 2],
        nan: 'NaN',
        i: '1 day',
      },
    ])
  })

  it('may begin with comments and brackets', async () => {
    expect((await run('/* a /* nested */ b */ -- c\n (select 1 as one)')).rows).toEqual([{ one: 1 }])
  })

  it('changes data only when it is allowed to', async () => {
    const insert = `insert into sql_host values ('h3', 'gamma', 2)`
    expect((await refusal(insert)).message).toContain('read-only')
    expect(await run(insert, [], { readOnly: false })).toEqual({ rows: [], rowCount: 1 })
    expect(await run(`delete from sql_host where id = 'h3' returning name`, [], { readOnly: false })).toEqual(
      {
        rows: [{ name: 'gamma' }],
        rowCount: 1,
      },
    )
  })

  it('is captured like any other change of a record', async () => {
    const { pool } = database
    await pool.run(`create trigger capture after insert or update or delete on data.sql_host
      for each row execute function fermata.capture_data_change()`)
    await run(`update sql_host set cores = 5 where id = 'h1'`, [], { readOnly: false })
    const changes = await pool.query('select record_id, op, new from fermata.data_changes')
    expect(changes).toEqual([{ record_id: 'h1', op: 'update', new: { id: 'h1', name: 'alpha', cores: 5 } }])
    await pool.run('drop trigger capture on data.sql_host')
  })

  it('reads tables that are made later', async () => {
    await database.pool.run('create table data.sql_later (n int)')
    expect((await run('select count(*) as n from sql_later')).rows).toEqual([{ n: 0 }])
  })
})

describe('limits', () => {
  it('keeps the first rows and says that there were more', async () => {
    const answer = await run('select generate_series(1, 100000000) as g', [], { maxRows: 3 })
    expect(answer).toEqual({ rows: [{ g: 1 }, { g: 2 }, { g: 3 }], rowCount: 3, truncated: true })
  })

  it('keeps every change though it shows only the first rows', async () => {
    const text = `insert into sql_host select 'm' || g from generate_series(1, 50) g returning id`
    const answer = await run(text, [], { readOnly: false, maxRows: 2 })
    expect(answer).toMatchObject({ rows: [{ id: 'm1' }, { id: 'm2' }], rowCount: 50, truncated: true })
    expect(await run(`delete from sql_host where id like 'm%'`, [], { readOnly: false })).toMatchObject({
      rowCount: 50,
    })
  })

  it('stops what takes too long or answers too much', async () => {
    expect((await refusal('select pg_sleep(60)', { timeoutMs: 50 })).message).toContain('timeout')
    expect((await refusal(`select repeat('x', 30000000)`)).message).toContain('16 MiB')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const running = run('select pg_sleep(60)', [], { signal: stop.signal })
    stop.abort()
    await expect(running).rejects.toMatchObject({ message: 'The statement was stopped' })
    const busy = `select pid from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active' and datname = current_database()`
    await expect.poll(() => database.pool.query(busy)).toEqual([])
  })
})

describe('an error', () => {
  it('is typed and keeps state and position', async () => {
    const error = await refusal('select nme from sql_host')
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'sql-failed', cause: { code: '42703', position: '8' } })
    expect(error.message).toContain('nme')
  })

  it('says what an administrator must do when the role cannot be taken', async () => {
    const { pool } = database
    await pool.run('drop role if exists fermata_sql_test_stranger')
    await pool.run('create role fermata_sql_test_stranger login password $$x$$')
    const config = { ...pool.config, user: 'fermata_sql_test_stranger', password: 'x' }
    const stranger = runSql({ ...pool, config }, { text: 'select 1', values: [] })
    await expect(stranger).rejects.toMatchObject({ code: 'unavailable' })
    await pool.run('drop role fermata_sql_test_stranger')
  })
})

describe('an owner of the database who is no superuser', () => {
  it('runs statements once an administrator has granted the role', async () => {
    const { pool } = database
    const name = `fermata_owner_${process.pid}`
    await pool.run(`create role ${name} login password 'x'; grant fermata_sql to ${name}`)
    await pool.run(`create database ${name} owner ${name}`)
    const owner = openPool({ ...configFor(pool.config, name), user: name, password: 'x' })
    try {
      await migrate(owner)
      await owner.run('create table data.thing (n int); insert into data.thing values (1)')
      const read = (text: string) => runSql(owner, { text, values: [] })
      expect((await read('select n from thing')).rows).toEqual([{ n: 1 }])
      await expect(read('select * from fermata.settings')).rejects.toMatchObject({ code: 'sql-failed' })
    } finally {
      await owner.close()
      await pool.run(`drop database ${name} with (force)`)
      await pool.run(`drop role ${name}`)
    }
  })
})

describe('out of reach', () => {
  const ways: [what: string, text: string][] = [
    ['tables of the engine', 'select * from fermata.workflows'],
    ['writing to them', `update fermata.settings set value = '1'`],
    ['passwords of the server', 'select * from pg_authid'],
    ['files', `select pg_read_file('/etc/hostname')`],
    ['two statements', 'select 1; select 2'],
    ['a commit in between', 'commit; select 1'],
    ['another role', 'reset role'],
    ['another role by block', 'do $$ begin reset role; end $$'],
    ['a block behind a nested comment', '/* /* */ select 1 */ do $$ begin reset role; end $$'],
    ['another role by function', `select set_config('role', 'none', true)`],
    ['a function with a quoted name', `select "set_config"('role', 'none', true)`],
    ['a name by escapes', `select U&"set\\005fconfig"('role', 'none', true)`],
    ['settings by view', `update pg_settings set setting = 'none' where name = 'role'`],
    ['text run as SQL', `select query_to_xml('select * from fermata.' || 'settings', true, true, '')`],
    ['a table as XML', `select table_to_xml('fermata.settings', true, true, '')`],
    ['a program', `copy (select 1) to program 'id'`],
    ['new tables', 'create table data.mine (a int)'],
    ['dropping tables', 'drop table sql_host'],
    ['truncating tables', 'truncate sql_host'],
    ['calling procedures', 'call x()'],
    ['listening', 'listen fermata'],
    ['other connections', 'select pg_terminate_backend(pid) from pg_stat_activity'],
    ['nothing at all', ' -- only a comment'],
  ]
  it.each(ways)('%s', async (_what, text) => {
    expect((await refusal(text, { readOnly: false })).code).toBe('sql-failed')
  })

  it('leaves the pool as it was', async () => {
    const rows = await database.pool.query<{ role: string; path: string }>(
      `select current_setting('role') as role, current_setting('search_path') as path`,
    )
    expect(rows).toEqual([{ role: 'none', path: '"$user", public' }])
  })
})
