import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chain, createProbe, publish, startTestEngine } from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { ClaimedRow } from '../store/queue.ts'
import { admitEffect } from './admit-effect.ts'
import type { RunningEngine } from './start-engine.ts'

let database: TestDatabase
let engine: RunningEngine

beforeAll(async () => {
  database = await createTestDatabase()
  const policy = { retry: { attempts: 1, delay: '1h' } }
  await publish(database.pool, chain('lone', [{ id: 'a', type: 'probe', config: {}, policy }]))
})
afterAll(() => database.drop())
beforeEach(async () => {
  // Effects are left in the queue.
  engine = await startTestEngine(database.pool, { probes: [createProbe()], roles: ['api'] })
})
afterEach(() => engine.stop())

async function claimedRow(claimedBy: string | null): Promise<ClaimedRow> {
  const { id } = await engine.start({ workflow: 'lone', by: { name: 'admin' } })
  const [row] = await database.pool.query<ClaimedRow>(
    `update fermata.queue set claimed_by = $2 where execution_id = $1
     returning execution_id as execution, run, attempt, kind, workflow, crashes, payload`,
    [id, claimedBy],
  )
  return row as ClaimedRow
}

describe('an effect that was claimed', () => {
  it('starts while the claim is ours', async () => {
    const row = await claimedRow(engine.core.process)
    expect(await admitEffect(engine.core, engine.gate, row)).toMatchObject({
      effect: { run: 'a', attempt: 1 },
    })
  })

  it('does not start when the claim was released before its execution was read', async () => {
    const row = await claimedRow(null)
    expect(await admitEffect(engine.core, engine.gate, row)).toBeUndefined()
  })

  it('neither begins its retry then, nor counts as interrupted', async () => {
    const row = await claimedRow(engine.core.process)
    const failure = { run: 'a', attempt: 1, type: 'failed' as const, kind: 'error' as const }
    await engine.gate.send(row.execution, { event: failure })
    const statusOf = async () => {
      const sql =
        'select attempt, status from fermata.all_node_runs where execution_id = $1 order by attempt desc'
      return (await database.pool.query(sql, [row.execution]))[0]
    }
    expect(await statusOf()).toEqual({ attempt: 2, status: 'retrying' })
    expect(await admitEffect(engine.core, engine.gate, { ...row, attempt: 2 })).toBeUndefined()
    expect(await statusOf()).toEqual({ attempt: 2, status: 'retrying' })
    const other = await claimedRow(null)
    expect(await admitEffect(engine.core, engine.gate, { ...other, crashes: 1 })).toBeUndefined()
    expect((await engine.gate.peek(other.execution)).state.runs.a?.status).toBe('running')
  })
})
