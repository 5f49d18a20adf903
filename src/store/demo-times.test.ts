import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { deleteWorkflows } from './delete-executions.ts'
import { liveExecutionsOf, moveBack } from './demo-times.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const at = new Date('2030-01-02T03:04:05Z')

beforeEach(async () => {
  const { pool } = database
  await pool.run('truncate fermata.executions, fermata.node_runs, fermata.tasks, fermata.workflows cascade')
  await pool.run(
    `insert into fermata.workflows (key, title, created_by, updated_by)
     values ('demo', 'Demo', 'x', 'x'), ('own', 'Own', 'x', 'x')`,
  )
  const insert = `insert into fermata.executions
    (id, workflow, version, status, snapshot, trigger, started_by, created_at, started_at, ended_at)
    values ($1, $2, 1, $3, '{}', 'manual', 'x', $4, $4, $5)`
  await pool.run(insert, [1, 'demo', 'completed', at, at])
  await pool.run(insert, [2, 'demo', 'running', at, null])
  await pool.run(insert, [3, 'own', 'completed', at, at])
  await pool.run(
    `insert into fermata.node_runs (execution_id, run, attempt, node, status, started_at, ended_at, seq)
     select id, 'a', 1, 'a', 'completed', $1, ended_at, 1 from fermata.executions`,
    [at],
  )
})

const timesOf = (id: number) =>
  database.pool.query(
    `select e.created_at, e.ended_at, r.started_at from fermata.executions e
     join fermata.all_node_runs r on r.execution_id = e.id where e.id = $1`,
    [id],
  )

describe('the past of the demo world', () => {
  it('moves ended executions back with their node runs, and nothing else', async () => {
    const moved = await moveBack(database.pool, [
      { execution: '1', seconds: 3600 },
      { execution: '2', seconds: 3600 },
    ])
    expect(moved).toBe(1)
    const earlier = new Date('2030-01-02T02:04:05Z')
    expect(await timesOf(1)).toEqual([{ created_at: earlier, ended_at: earlier, started_at: earlier }])
    expect(await timesOf(2)).toEqual([{ created_at: at, ended_at: null, started_at: at }])
    expect(await timesOf(3)).toEqual([{ created_at: at, ended_at: at, started_at: at }])
  })

  it('takes children along', async () => {
    await database.pool.run(
      `update fermata.executions set parent_id = 1, ended_at = created_at where id in (2, 3)`,
    )
    expect(await moveBack(database.pool, [{ execution: '1', seconds: 3600 }])).toBe(3)
  })

  it('goes away without touching the work of others', async () => {
    expect(await liveExecutionsOf(database.pool, ['demo'])).toEqual(['2'])
    await deleteWorkflows(database.pool, ['demo'])
    expect(await timesOf(1)).toEqual([])
    expect(await timesOf(3)).toHaveLength(1)
    expect(await database.pool.query('select key from fermata.workflows')).toEqual([{ key: 'own' }])
  })
})
