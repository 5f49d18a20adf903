import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chain,
  createProbe,
  emptyServices,
  headOf,
  type Probe,
  publish,
  runsOf,
  startTestEngine,
} from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { RunningEngine } from './start-engine.ts'
import { never } from './turn.ts'
import { untilReachable } from './until-reachable.ts'

const shutDown = () => Object.assign(new Error('terminating connection'), { code: '57P01' })

let database: TestDatabase
let engine: RunningEngine
let probe: Probe
let reads: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  reads = 0
  probe = createProbe()
  const { record, evaluateBinding, ...others } = emptyServices()
  const mayFail = async () => {
    reads++
    // The start itself reads the target; then the database is away.
    if (reads === 2 || reads === 3) throw shutDown()
  }
  const services = {
    ...others,
    record: async (...of: Parameters<typeof record>) => mayFail().then(() => record(...of)),
    evaluateBinding: async (...of: Parameters<typeof evaluateBinding>) =>
      mayFail().then(() => evaluateBinding(...of)),
  }
  engine = await startTestEngine(database.pool, { probes: [probe], services })
})
afterEach(() => engine.stop())

async function endOf(workflow: string): Promise<string> {
  const { id } = await engine.start({
    workflow,
    target: { collection: 'host', id: 'h1' },
    by: { name: 'admin' },
  })
  await engine.waitForEnd(id, 10_000)
  expect((await runsOf(database.pool, id)).every(({ attempt }) => attempt === 1)).toBe(true)
  return (await headOf(database.pool, id)).status
}

const target = { collection: 'host' }
/** Records read before an effect are read again after it. */
const first = { id: 'first', type: 'probe', config: { output: 1 } }

describe('while the database is away', () => {
  it('an effect whose config reads a record waits for it, and its time has not begun', async () => {
    const policy = { timeout: '50ms' }
    const nodes = [first, { id: 'a', type: 'probe', config: { output: '{{ target.label }}' }, policy }]
    await publish(database.pool, { ...chain('reads', nodes), target })
    expect(await endOf('reads')).toBe('completed')
    expect(probe.calls.map(({ config }) => config.output)).toEqual([1, 'h1'])
    expect(reads).toBe(4)
  })

  it('so does an inline node', async () => {
    const nodes = [first, { id: 'a', type: 'set', config: { values: { x: '{{ target.label }}' } } }]
    await publish(database.pool, { ...chain('sets', nodes), target })
    expect(await endOf('sets')).toBe('completed')
    expect(reads).toBe(4)
  })

  it('and a bound node that looks for its records', async () => {
    const nodes = [{ id: 'a', type: 'probe', bind: { path: 'one,two', mode: 'run' as const }, config: {} }]
    await publish(database.pool, { ...chain('binds', nodes), target })
    expect(await endOf('binds')).toBe('completed')
    expect(probe.calls).toHaveLength(2)
  })

  it('but not for ever, when nobody wants to know any more', async () => {
    const abort = new AbortController()
    const read = () => {
      abort.abort()
      return Promise.reject(shutDown())
    }
    await expect(untilReachable(read, abort.signal)).rejects.toThrow('terminating')
  })

  it('another failure is the node’s', async () => {
    await expect(untilReachable(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no')
  })
})
