import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepHistory } from '../bench/hist/keep-history.ts'
import { type BenchDatabase, openDatabaseIn } from '../bench/run/database.ts'
import { complete, openBench } from '../bench/run/engine.ts'

const executions = 400
const parent = mkdtempSync(join(tmpdir(), 'fermata-history-'))
let folder: string

beforeAll(async () => {
  chmodSync(parent, 0o755)
  folder = await keepHistory(executions, parent)
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

describe('the seeded history of the bench', () => {
  it('has rows as the product writes them', async () => {
    const database = await openDatabaseIn(folder)
    const bench = await openBench(database)
    try {
      const id = await complete(bench.engine, { workflow: 'hist-00', inputs: { reason: 'because' } })
      const [like] = await database.pool.query<{ id: string }>(
        `select id from fermata.executions
         where status = 'completed' and trigger = 'manual' and target_id is null and not test and id <= $1 limit 1`,
        [executions],
      )
      expect(await written(database, like?.id ?? '')).toEqual(await written(database, id))
    } finally {
      await bench.engine.stop()
      await database.close()
    }
  })

  it('is found again, and made anew when it was left half made', async () => {
    const made = statSync(join(folder, 'seeded')).ino
    expect(await keepHistory(executions, parent)).toBe(folder)
    expect(statSync(join(folder, 'seeded')).ino).toBe(made)
    rmSync(join(folder, 'seeded'))
    expect(await keepHistory(executions, parent)).toBe(folder)
    const database = await openDatabaseIn(folder)
    const [row] = await database.pool.query('select count(*)::int as count from fermata.executions')
    await database.close()
    expect(row).toEqual({ count: executions })
  })
})

/** Without what differs from one execution to the next: its id, its workflow, who, when and where. */
async function written({ pool }: BenchDatabase, id: string) {
  const [execution] = await pool.query(
    `select to_jsonb(e) - '{id,workflow,version,started_by,created_at,started_at,ended_at,snapshot}'::text[] as rest,
       snapshot::text, ended_at > started_at as ended from fermata.executions e where id = $1`,
    [id],
  )
  const runs = await pool.query(
    `select to_jsonb(n) - '{execution_id,started_at,ended_at,worker}'::text[] as rest, input::text, output::text,
       ended_at >= started_at as ended from fermata.all_node_runs n where execution_id = $1 order by run`,
    [id],
  )
  return { execution, runs }
}
