import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { dumpSchema } from './schema-dump.ts'

let test: TestDatabase

beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

describe('dumpSchema', () => {
  it('shows every table, and docs/reference/schema.sql is up to date (npm run db:dump)', async () => {
    const dump = await dumpSchema(test.pool)
    const tables = await test.pool.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'fermata'",
    )
    for (const { name } of tables) expect(dump).toContain(`create table fermata.${name} (`)
    const file = await readFile(join(import.meta.dirname, '../../docs/reference/schema.sql'), 'utf8')
    expect(file).toBe(dump)
  })

  it('shows columns, constraints, indexes, triggers, functions, sequences and views', async () => {
    await test.pool.run(`
      create sequence fermata.numbers increment by 3;
      create table fermata.sample (
        id integer generated always as identity primary key,
        name text not null default 'none' check (name <> ''),
        twice text generated always as (name || name) stored,
        at timestamptz
      ) with (fillfactor = 50);
      create index sample_at on fermata.sample (at desc) where at is not null;
      create function fermata.nothing() returns trigger language plpgsql as 'begin return new; end';
      create trigger nothing before insert on fermata.sample for each row execute function fermata.nothing();
      create view fermata.names as select name from fermata.sample`)
    const dump = await dumpSchema(test.pool)
    const start = dump.indexOf('create table fermata.sample')
    expect(dump.slice(start, dump.indexOf('\n\n', start)).split('\n')).toEqual([
      'create table fermata.sample (',
      '  id integer not null generated always as identity,',
      "  name text not null default 'none'::text,",
      '  twice text generated always as ((name || name)) stored,',
      '  at timestamp with time zone,',
      '  constraint sample_pkey PRIMARY KEY (id),',
      "  constraint sample_name_check CHECK ((name <> ''::text))",
      ') with (fillfactor=50);',
      'CREATE INDEX sample_at ON fermata.sample USING btree (at DESC) WHERE (at IS NOT NULL);',
      'CREATE TRIGGER nothing BEFORE INSERT ON fermata.sample FOR EACH ROW EXECUTE FUNCTION fermata.nothing();',
    ])
    expect(dump).toContain('create sequence fermata.numbers increment by 3;')
    expect(dump).toContain('CREATE OR REPLACE FUNCTION fermata.nothing()')
    expect(dump).toContain('create view fermata.names as\n SELECT')
  })
})
