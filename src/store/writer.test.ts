import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { openWriter, type Writer } from './writer.ts'

let database: TestDatabase
let writer: Writer

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(() => {
  writer = openWriter(database.pool)
})
afterEach(() => writer.close())

const slowly = 'select pg_backend_pid() as pid, pg_sleep(0.2)'
const atOnce = 'select pg_backend_pid() as pid'
type Answer = { pid: number }

describe('the writer', () => {
  it('runs what is sent together one after the other on one connection', async () => {
    const order: string[] = []
    const answers = await Promise.all([
      writer.query<Answer>(slowly).finally(() => order.push('first')),
      writer.query<Answer>(atOnce).finally(() => order.push('second')),
    ])
    expect(order).toEqual(['first', 'second'])
    expect(new Set(answers.map(([answer]) => answer?.pid)).size).toBe(1)
  })

  it('refuses one statement without harm to the next', async () => {
    const [refused, answered] = await Promise.allSettled([
      writer.query('select 1 / 0'),
      writer.query('select 1 as one'),
    ])
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '22012' } })
    expect(answered).toEqual({ status: 'fulfilled', value: [{ one: 1 }] })
    expect(writer.use()).toEqual({ open: 1, idle: 1, waiting: 0 })
  })

  it('opens another when the server does not have the statement that the driver believes prepared', async () => {
    const [before] = await writer.query<Answer>(atOnce, [], 'who')
    await writer.query('deallocate who')
    await expect(writer.query(atOnce, [], 'who')).rejects.toMatchObject({ code: '26000' })
    const [after] = await writer.query<Answer>(atOnce, [], 'who')
    expect(after?.pid).not.toBe(before?.pid)
  })

  it('fails all that are under way when the connection is lost, and opens another for the next', async () => {
    const [before] = await writer.query<Answer>(atOnce)
    const sent = Promise.allSettled([writer.query('select pg_sleep(30)'), writer.query('select 1')])
    await database.pool.query(`select pg_terminate_backend($1)`, [before?.pid])
    expect((await sent).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const [after] = await writer.query<Answer>(atOnce)
    expect(after?.pid).not.toBe(before?.pid)
    expect(writer.use()).toEqual({ open: 1, idle: 1, waiting: 0 })
  })
})
