import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Db } from '../store/db.ts'
import { releaseLocks, takeChildLocks, takeLocks } from './locks.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
})
afterAll(() => database?.drop())
beforeEach(() => db.run('delete from fermata.locks'))

const host = (id: string) => ({ collection: 'host', id })
const holders = async () => {
  const rows = await db.query<{ record_id: string; execution_id: string }>(
    'select record_id, execution_id from fermata.locks order by record_id',
  )
  return Object.fromEntries(rows.map((row) => [row.record_id, row.execution_id]))
}

describe('takeLocks (rule 33)', () => {
  it('takes all records or none, and names what stands in the way', async () => {
    expect(await takeLocks(db, '1', [host('a'), host('b')])).toEqual({ taken: true })
    expect(await takeLocks(db, '2', [host('c'), host('b'), host('d')])).toEqual({
      taken: false,
      held: [{ collection: 'host', id: 'b', execution: '1' }],
    })
    expect(await holders()).toEqual({ a: '1', b: '1' })
    expect(await takeLocks(db, '2', [{ collection: 'app', id: 'b' }])).toEqual({ taken: true })
  })

  it('lets an execution take again what it holds, and nothing at all', async () => {
    expect(await takeLocks(db, '1', [host('a'), host('a')])).toEqual({ taken: true })
    expect(await takeLocks(db, '1', [host('a'), host('b')])).toEqual({ taken: true })
    expect(await takeLocks(db, '1', [])).toEqual({ taken: true })
    expect(await holders()).toEqual({ a: '1', b: '1' })
  })

  it('frees everything an execution holds', async () => {
    await takeLocks(db, '1', [host('a'), host('b')])
    expect(await releaseLocks(db, '1')).toBe(2)
    expect(await releaseLocks(db, '1')).toBe(0)
    expect(await takeLocks(db, '2', [host('a')])).toEqual({ taken: true })
  })

  it('goes to exactly one of many that ask at once, whatever the order of records', async () => {
    const records = ['a', 'b', 'c', 'd'].map(host)
    const asked = Array.from({ length: 16 }, (_, index) =>
      takeLocks(db, String(index + 1), index % 2 ? records : records.toReversed()),
    )
    const answers = await Promise.all(asked)
    const winners = answers.flatMap((answer, index) => (answer.taken ? [String(index + 1)] : []))
    expect(winners).toHaveLength(1)
    expect(new Set(Object.values(await holders()))).toEqual(new Set(winners))
    for (const answer of answers) if (!answer.taken) expect(answer.held).toHaveLength(4)
  })

  it('is undone with the transaction it is part of, and does not break it', async () => {
    await takeLocks(db, '1', [host('a')])
    await db.transaction(async (tx) => {
      expect((await takeLocks(tx, '2', [host('a')])).taken).toBe(false)
      expect((await takeLocks(tx, '2', [host('b')])).taken).toBe(true)
    })
    const undone = db.transaction(async (tx) => {
      await takeLocks(tx, '3', [host('c')])
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect(await holders()).toEqual({ a: '1', b: '2' })
  })

  it('does not make a child wait for those it descends from', async () => {
    await db.run(
      `insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by, parent_id)
       values (11, 'w', 1, 'running', '{}', 'manual', 'x', null), (12, 'w', 1, 'running', '{}', 'parent', 'x', 11)`,
    )
    await takeLocks(db, '11', [host('a')])
    await takeLocks(db, '12', [host('a'), host('b')])
    expect(await takeChildLocks(db, { id: '13', parent: '12' }, [host('a'), host('b'), host('c')])).toEqual({
      taken: true,
    })
    expect((await takeLocks(db, '14', [host('a')])).taken).toBe(false)
    expect(await holders()).toEqual({ a: '11', b: '12', c: '13' })
  })

  it('takes hostile names as text', async () => {
    const record = { collection: "x'; drop table fermata.locks; --", id: '{"a,b}' }
    expect(await takeLocks(db, '1', [record])).toEqual({ taken: true })
    expect((await takeLocks(db, '2', [record])).held).toEqual([{ ...record, execution: '1' }])
  })
})
