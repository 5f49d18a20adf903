import { expect, it } from 'vitest'
import { nodeType } from './index.ts'
import { findSqlRisks } from './risks.ts'

const rulesIn = (sql: string) => findSqlRisks(sql).map(({ rule }) => rule)

it.each([
  ['drop', 'drop table host'],
  ['drop', 'DROP SCHEMA if exists "old" cascade'],
  ['drop', 'alter table host drop column name'],
  ['truncate', 'truncate host, app_instance'],
  ['delete-all', 'delete from host'],
  ['delete-all', '/* where */ delete\n from host -- where id = 1'],
  ['delete-all', "with gone as (delete from host returning name) select 'where', * from gone"],
  ['update-all', 'update host set cores = 1'],
  ['update-all', 'update only data."host" as h set cores = $1'],
])('%s: %s', (rule, sql) => {
  expect(rulesIn(sql)).toEqual([rule])
})

it.each([
  'select * from host',
  "select 'drop table host'",
  '-- drop table host\nselect 1',
  'select $x$ truncate host $x$',
  'delete from host where id = $1',
  'update host set cores = 1 where name = $1',
  'insert into host (name) values ($1) on conflict (name) do update set name = excluded.name',
  'select drop_table, truncated from updates',
])('is none: %s', (sql) => {
  expect(rulesIn(sql)).toEqual([])
})

it('says what was found, and where', () => {
  expect(findSqlRisks('\n  delete from host\n')).toMatchObject([{ found: 'delete from host', line: 2 }])
})

it('has none where the statement can only read', () => {
  const sql = { text: 'truncate host', values: [] }
  expect(nodeType.risks?.({ sql })).toEqual([])
  expect(nodeType.risks?.({ sql, readOnly: false })).toMatchObject([{ rule: 'truncate' }])
})
