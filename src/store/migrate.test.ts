import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { openPool } from './db.ts'
import { listMigrations, migrate } from './migrate.ts'

let database: TestDatabase
let folder: string

beforeEach(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'fermata-migrations-'))
  await database.pool.run('drop schema fermata cascade')
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const file = (name: string, sql: string) => writeFile(join(folder, `${name}.sql`), sql)

describe('migrate', () => {
  it('applies the files in order, once', async () => {
    await file('0002_add_colour', 'alter table public.things add colour text')
    await file(
      '0001_create_things',
      'create table public.things (id integer); insert into public.things values (1)',
    )
    expect(await migrate(database.pool, folder)).toEqual({
      applied: ['0001_create_things', '0002_add_colour'],
    })
    expect(await migrate(database.pool, folder)).toEqual({ applied: [] })
    expect(await database.pool.query('select * from public.things')).toEqual([{ id: 1, colour: null }])
  })

  it('applies only what is new to a database with data', async () => {
    await file('0001_create_things', 'create table public.things (id integer)')
    await migrate(database.pool, folder)
    await database.pool.run('insert into public.things values (7)')
    await file('0002_add_colour', "alter table public.things add colour text default 'red'")
    expect(await migrate(database.pool, folder)).toEqual({ applied: ['0002_add_colour'] })
    expect(await database.pool.query('select * from public.things')).toEqual([{ id: 7, colour: 'red' }])
  })

  it('keeps nothing of a file that fails, and the files before it', async () => {
    await file('0001_create_things', 'create table public.things (id integer)')
    await file('0002_break', 'create table public.more (id integer); select 1/0')
    await expect(migrate(database.pool, folder)).rejects.toThrow('division by zero')
    const names = await database.pool.query(
      "select relname from pg_class where relname in ('things', 'more')",
    )
    expect(names).toEqual([{ relname: 'things' }])
    await file('0002_break', 'create table public.more (id integer)')
    expect(await migrate(database.pool, folder)).toEqual({ applied: ['0002_break'] })
  })

  it('refuses a database of a newer program, and one of another history', async () => {
    await file('0001_create_things', 'create table public.things (id integer)')
    await migrate(database.pool, folder)
    await database.pool.run("insert into fermata.migrations values (2, '0002_from_the_future')")
    await expect(migrate(database.pool, folder)).rejects.toMatchObject({ code: 'config-invalid' })
    await database.pool.run('delete from fermata.migrations where version = 2')
    await database.pool.run("update fermata.migrations set name = '0001_other'")
    await expect(migrate(database.pool, folder)).rejects.toThrow('0001_other')
  })

  it('lets several processes migrate at once', async () => {
    await file('0001_create_things', 'select pg_sleep(0.05); create table public.things (id integer)')
    await file('0002_add_colour', 'alter table public.things add colour text')
    const others = [1, 2, 3].map(() => openPool(database.pool.config))
    const results = await Promise.all(others.map((pool) => migrate(pool, folder)))
    await Promise.all(others.map((pool) => pool.close()))
    expect(results.flatMap((result) => result.applied).sort()).toEqual([
      '0001_create_things',
      '0002_add_colour',
    ])
  })

  it('refuses file names out of the pattern and doubled numbers', async () => {
    await file('1_create', 'select 1')
    await expect(migrate(database.pool, folder)).rejects.toThrow('1_create')
    await rm(join(folder, '1_create.sql'))
    await file('0001_a', 'select 1')
    await file('0001_b', 'select 1')
    await expect(migrate(database.pool, folder)).rejects.toThrow('0001_b')
  })

  it('brings an empty database to the schema of this program', async () => {
    const names = (await listMigrations()).map((migration) => migration.name)
    expect((await migrate(database.pool)).applied).toEqual(names)
    const [row] = await database.pool.query<{ n: string }>('select count(*) as n from fermata.executions')
    expect(row?.n).toBe('0')
  })
})
