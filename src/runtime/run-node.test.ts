import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  createProbe,
  emptyServices,
  type Probe,
  publish,
  startTestEngine,
  until,
} from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Pool } from '../store/db.ts'
import type { Live } from './live.ts'
import { callNode } from './run-node.ts'
import type { RunningEngine } from './start-engine.ts'

let database: TestDatabase
let engine: RunningEngine
let probe: Probe

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  probe = createProbe()
  engine = await startTestEngine(database.pool, { probes: [probe] })
})
afterEach(() => engine.stop())

/** As when another process has changed the execution: all that was remembered is replaced. */
function forget(live: Live): void {
  Object.assign(live, { items: new Map(), records: new Map(), results: new Map(), complete: false })
}

/** The execution is read anew while the answer to this statement is on its way. */
function forgettingAt(statement: string, live: Live): Pool {
  const { pool } = database
  return {
    ...pool,
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      const rows = await pool.query<R>(text, values, name)
      if (name === statement) forget(live)
      return rows
    },
  }
}

it.each(['load_items', 'load_results'])(
  'an execution read anew at %s changes no config',
  async (statement) => {
    let answer = () => undefined as unknown
    probe.answer = ({ run }) =>
      run.id === 'a'
        ? { type: 'done', output: 7 }
        : new Promise((resolve) => {
            answer = () => resolve({ type: 'done' })
          })
    const nodes = [
      { id: 'a', type: 'probe', config: {} },
      { id: 'each', type: 'loop', config: { over: [30] } },
      { id: 'x', type: 'probe', parent: 'each', config: { item: '{{ item }}', a: '{{ nodes.a.output }}' } },
    ]
    await publish(database.pool, { key: statement, nodes, edges: [{ from: 'a', to: 'each' }] })
    const { id } = await engine.start({ workflow: statement, by: { name: 'admin' } })
    await until(
      async () => probe.calls.length,
      (count) => count === 2,
    )
    const live = { ...(await engine.gate.open(id)) }
    forget(live)
    const core = { ...engine.core, pool: forgettingAt(statement, live) }
    const { signal } = new AbortController()
    const call = { run: 'each[0]/x', attempt: 1, group: 1, kind: 'run' as const, signal, logs: [] }
    const again = callNode(core, live, call)
    await until(
      async () => probe.calls.length,
      (count) => count === 3,
    )
    answer()
    await again
    expect(probe.calls[2]?.config).toEqual({ item: 30, a: 7 })
    await engine.act(id, { type: 'terminate' }, { name: 'admin' })
  },
)

it('says of a bound record that is gone meanwhile that it is gone, and not what an expression makes of it', async () => {
  const bind = { path: 'h1,h2' }
  const config = { where: '{{ record.address }}' }
  await publish(database.pool, { key: 'gone', nodes: [{ id: 'b', type: 'probe', bind, config }] })
  await engine.stop()
  const services = emptyServices({
    record: async (_authority, { collection, id }) =>
      id === 'h2' ? undefined : { collection, id, label: id, address: '10.0.0.1' },
  })
  engine = await startTestEngine(database.pool, { probes: [probe], services })
  const { id } = await engine.start({ workflow: 'gone', by: { name: 'admin' } })
  await engine.waitForEnd(id, 5000)
  const rows = await database.pool.query<{ run: string; error: { code: string; message: string } | null }>(
    'select run, error from fermata.all_node_runs where execution_id = $1 order by run',
    [id],
  )
  expect(rows.find(({ run }) => run === 'b[h1]')?.error).toBeNull()
  expect(rows.find(({ run }) => run === 'b[h2]')?.error).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('h2'),
  })
})
