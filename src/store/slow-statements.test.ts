import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../tests/helpers/postgres.ts'
import { openPool, type Pool } from './db.ts'
import { openWriter } from './writer.ts'

const told: { statement: string; ms: number }[] = []
let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: Pool

beforeAll(async () => {
  database = await createTestDatabase()
  pool = openPool({ ...database.pool.config, slow: { ms: 20, tell: (slow) => void told.push(slow) } })
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

describe('slow statements', () => {
  it('are told by their text, without values and without what it holds in quotes', async () => {
    await pool.query(`select pg_sleep(0.03),\n  'it''s secret' as a, $1::text as b`, ['hidden'])
    expect(told.splice(0)).toEqual([
      { statement: "select pg_sleep(0.03), '…' as a, $1::text as b", ms: expect.any(Number) },
    ])
  })

  it('are told by their name where they have one, also inside transactions and by the writer', async () => {
    await pool.transaction((tx) => tx.query('select pg_sleep(0.03)', [], 'sleeper'))
    const writer = openWriter(pool)
    await writer.query('select pg_sleep(0.03)', [], 'sleeper')
    await writer.close()
    expect(told.splice(0).map(({ statement }) => statement)).toEqual(['sleeper', 'sleeper'])
  })
})
