import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { inTurn, unlessTaken } from './take-turns.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describe('taking turns', () => {
  it('lets one after another do the work', async () => {
    let inside = 0
    const most: number[] = []
    const work = async () => {
      most.push(++inside)
      await database.pool.query('select pg_sleep(0.01)')
      inside--
    }
    await Promise.all([1, 2, 3].map(() => inTurn(database.pool, 1, work)))
    expect(most).toEqual([1, 1, 1])
  })

  it('leaves the work to whoever is at it, and takes it when nobody is', async () => {
    const done: string[] = []
    await unlessTaken(database.pool, 2, async () => {
      await unlessTaken(database.pool, 2, async () => void done.push('second'))
      await unlessTaken(database.pool, 3, async () => void done.push('other'))
    })
    await unlessTaken(database.pool, 2, async () => void done.push('later'))
    expect(done).toEqual(['other', 'later'])
  })
})
