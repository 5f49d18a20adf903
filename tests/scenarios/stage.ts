// A database, an engine and effects under the test's hand.
import type { JsonObject } from '../../src/core/json.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { RunningEngine } from '../../src/runtime/start-engine.ts'
import type { RunContext } from '../../src/sdk/node-type.ts'
import type { Pool } from '../../src/store/db.ts'
import { createProbe, headOf, type Probe, runsOf, startTestEngine, until } from '../helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts'

export const by = { name: 'admin' }
export const set = (id: string, values: object = { x: 1 }) => ({ id, type: 'set', config: { values } })

export interface Stage {
  database: TestDatabase
  pool: Pool
  probe: Probe
  /** Starts an engine that is stopped by `clear`. */
  engine(options?: Parameters<typeof startTestEngine>[1]): Promise<RunningEngine>
  /** Effects wait until they are let go, in any order. */
  gates: Gates
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const database = await createTestDatabase()
  const engines: RunningEngine[] = []
  const stage: Stage = {
    database,
    pool: database.pool,
    probe: createProbe(),
    gates: createGates(),
    async engine(options = {}) {
      const started = await startTestEngine(database.pool, { probes: [stage.probe], ...options })
      engines.push(started)
      return started
    },
    async clear() {
      stage.gates.open()
      for (const engine of engines.splice(0)) await engine.stop()
      stage.probe = createProbe()
      stage.gates = createGates()
    },
    async close() {
      await stage.clear()
      await database.drop()
    },
  }
  return stage
}

export interface Gates {
  /** For `probe.answer`. */
  wait(ctx: RunContext<JsonObject>): Promise<Outcome>
  /** Runs that wait now. */
  readonly waiting: readonly string[]
  untilWaiting(count: number): Promise<void>
  /** Ends one, or all that wait. */
  open(run?: string, outcome?: Outcome): void
}

export function createGates(): Gates {
  const waiting: { run: string; resolve(outcome: Outcome): void }[] = []
  return {
    wait: ({ run }) => new Promise((resolve) => waiting.push({ run: run.id, resolve })),
    get waiting() {
      return waiting.map(({ run }) => run)
    },
    async untilWaiting(count) {
      await until(
        async () => waiting.length,
        (n) => n >= count,
      )
    },
    open(run, outcome = { type: 'done' }) {
      for (const item of [...waiting]) {
        if (run !== undefined && item.run !== run) continue
        waiting.splice(waiting.indexOf(item), 1)
        item.resolve(outcome)
      }
    },
  }
}

export const untilHead = (
  pool: Pool,
  id: string,
  holds: (head: Awaited<ReturnType<typeof headOf>>) => boolean,
) => until(() => headOf(pool, id), holds)

export async function statusesOf(pool: Pool, id: string): Promise<Record<string, string>> {
  const runs = await runsOf(pool, id)
  return Object.fromEntries(runs.map(({ run, status }) => [run, status]))
}

export async function taskOf(
  pool: Pool,
  id: string,
): Promise<{ id: string; status: string; answer: unknown }> {
  const tasks = await pool.query<{ id: string; status: string; answer: unknown }>(
    'select id, status, answer from fermata.tasks where execution_id = $1 order by id desc',
    [id],
  )
  return tasks[0] as (typeof tasks)[number]
}
