import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { createListener } from './listen.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

it('takes what is said while it is still being made', async () => {
  const { pool } = database
  let isOver = false
  const speaker = (async () => {
    while (!isOver) await pool.run(`select pg_notify('early', 'hello')`)
  })()
  for (let n = 0; n < 10; n++) {
    let heard = 0
    const listener = await createListener(pool, 'early', {
      onMessage(payload) {
        expect(payload).toBe('hello')
        heard++
      },
      onError: () => undefined,
      onReturn: () => undefined,
    })
    await until(
      async () => heard,
      (count) => count > 0,
    )
    await listener.close()
  }
  isOver = true
  await speaker
})

it('says when it hears again: what was said meanwhile is lost', async () => {
  const { pool } = database
  let returns = 0
  const listener = await createListener(pool, 'cut', {
    onMessage: () => undefined,
    onError: () => undefined,
    onReturn: () => {
      returns++
    },
  })
  expect(returns).toBe(0)
  await pool.run(
    `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen cut' and datname = current_database()`,
  )
  await until(
    async () => returns,
    (count) => count === 1,
  )
  await listener.close()
})
