import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { admit } from './admission.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(() =>
  database.pool.run('truncate fermata.executions, fermata.node_runs, fermata.run_packs, fermata.queue'),
)

/** Created at that second. */
async function queue(id: string, second: number): Promise<void> {
  await database.pool.run(
    `insert into fermata.executions (id, workflow, version, status, snapshot, inputs, trigger, started_by, created_at,
       concurrency_key) values ($1, 'w', 1, 'queued', '{}', '{}', 'api', 'admin', to_timestamp($2), 'w:')`,
    [id, second],
  )
  await database.pool.run(
    `insert into fermata.queue (execution_id, run, attempt, kind, workflow) values ($1, '', 0, 'start', 'w')`,
    [id],
  )
}

async function set(id: string, change: string): Promise<void> {
  await database.pool.run(`update fermata.executions set ${change} where id = $1`, [id])
}

async function started(id: string): Promise<void> {
  await set(id, `status = 'running'`)
  await database.pool.run('delete from fermata.queue where execution_id = $1', [id])
}

const ask = (id: string, limit = 1, over: 'run' | 'active' = 'run') =>
  admit(database.pool, { id, key: 'w:', limit, over })

describe('a place under a concurrency limit', () => {
  it('goes to the oldest', async () => {
    await queue('1', 10)
    await queue('2', 11)
    expect(await ask('2')).toBe(false)
    expect(await ask('1')).toBe(true)
    await started('1')
    expect(await ask('2')).toBe(false)
    await set('1', `status = 'completed', ended_at = now()`)
    expect(await ask('2')).toBe(true)
  })

  it('is kept while its start is being saved, though an older one is seen meanwhile', async () => {
    await queue('2', 11)
    expect(await ask('2')).toBe(true)
    await queue('1', 10)
    expect(await ask('1')).toBe(false)
    // Asked again after a crash: neither waits for the other.
    expect(await ask('2')).toBe(true)
    await started('2')
    expect(await ask('1')).toBe(false)
  })

  it('is free again when who had it is canceled before it starts', async () => {
    await queue('1', 10)
    await queue('2', 11)
    expect(await ask('1')).toBe(true)
    await set('1', `status = 'canceled', ended_at = now()`)
    expect(await ask('2')).toBe(true)
  })

  it('is not needed by who only waits, where only active ones count', async () => {
    await queue('1', 10)
    await queue('2', 11)
    expect(await ask('1')).toBe(true)
    await started('1')
    await set('1', 'waiting = true')
    expect(await ask('2', 1, 'run')).toBe(false)
    expect(await ask('2', 1, 'active')).toBe(true)
  })

  it('is there once for each of the limit, also when all ask at once', async () => {
    for (let n = 1; n <= 8; n++) await queue(String(n), n)
    const given = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(String(8 - n), 3)))
    expect(given.filter(Boolean)).toHaveLength(3)
    expect(given.slice(-3)).toEqual([true, true, true])
  })
})
