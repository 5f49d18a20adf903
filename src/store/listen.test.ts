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
      onMessage(payload, meet) {
        expect(payload).toBe('hello')
        heard++
        meet()
      },
      onError: () => undefined,
    })
    await until(
      async () => heard,
      (count) => count > 0,
    )
    expect(listener.hasCompany()).toBe(true)
    await listener.close()
  }
  isOver = true
  await speaker
})
