import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { AppError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { runSqlElsewhere } from './run-sql-elsewhere.ts'

let database: TestDatabase
let settings: JsonObject

beforeAll(async () => {
  database = await createTestDatabase()
  const url = new URL(database.url)
  const { user, password, database: name } = database.pool.config
  settings = {
    host: 'db.example.org',
    database: name ?? url.pathname.slice(1),
    user: user ?? decodeURIComponent(url.username),
    password: String(password ?? decodeURIComponent(url.password)),
    ssl: false,
  }
})
afterAll(() => database.drop())

/** The door that the guard would open: here to the database of the test, wherever the name points. */
function dial(): Promise<Socket> {
  const { host, port, connectionString } = database.pool.config
  const url = connectionString ? new URL(connectionString) : undefined
  const at = url ? { host: url.hostname, port: Number(url.port || 5432) } : { host, port }
  const socket = at.host?.startsWith('/')
    ? connect(`${at.host}/.s.PGSQL.${at.port}`)
    : connect(at.port ?? 5432, at.host)
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

const run = (text: string, options = {}, changed: JsonObject = {}) =>
  runSqlElsewhere({ connect: dial, settings: { ...settings, ...changed } }, { text, values: [7] }, options)
const refusal = (text: string, changed: JsonObject = {}) =>
  run(text, {}, changed).then(
    () => expect.fail('did not fail'),
    (error: AppError) => error,
  )

describe('a statement elsewhere', () => {
  it('runs through the given connection, once, and is read-only by default', async () => {
    expect(await run('select $1::int as n')).toEqual({ rows: [{ n: 7 }], rowCount: 1 })
    expect((await refusal('create table x as select $1::int as n')).message).toContain('read-only')
    expect((await refusal('select $1::int; select 2')).code).toBe('sql-failed')
  })

  it('may change data when asked to', async () => {
    await run('create table public.elsewhere as select $1::int as n', { readOnly: false })
    expect(await database.pool.query('select * from public.elsewhere')).toEqual([{ n: 7 }])
  })

  it('says what is wrong with the connection', async () => {
    expect((await refusal('select $1::int', { password: 'wrong' })).message).toContain('db.example.org')
    expect((await refusal('select $1::int', { database: '' })).message).toContain('no database')
    expect((await refusal('select $1::int', { ssl: true })).code).toBe('sql-failed')
  })
})
