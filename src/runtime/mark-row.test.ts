import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chain,
  createProbe,
  headOf,
  type Probe,
  publish,
  runsOf,
  startTestEngine,
} from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Json } from '../core/json.ts'
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
  probe.answer = () => ({ type: 'fail', kind: 'rejected', code: 'no', message: 'No.' })
  engine = await startTestEngine(database.pool, { probes: [probe] })
})
afterEach(() => engine.stop())

async function outputOf(key: string, nodes: Parameters<typeof chain>[1]): Promise<Json | undefined> {
  await publish(database.pool, { ...chain(key, nodes.slice(0, 1)), nodes })
  const { id } = await engine.start({ workflow: key, by: { name: 'admin' } })
  expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
  return (await runsOf(database.pool, id)).find(({ run }) => run === nodes[0]?.id)?.output
}

const accept = { onError: 'continue' as const }

describe('a failure that is accepted gives { error }', () => {
  it('of an effect: its own', async () => {
    const nodes = [{ id: 'a', type: 'probe', config: {}, policy: accept }]
    expect(await outputOf('leaf', nodes)).toEqual({ error: { kind: 'rejected', code: 'no', message: 'No.' } })
  })

  it('of a container: how many of its items failed', async () => {
    const nodes = [
      { id: 'each', type: 'loop', config: { times: 2 }, policy: accept },
      { id: 'x', type: 'probe', parent: 'each', config: {} },
    ]
    expect(await outputOf('container', nodes)).toEqual({
      error: { kind: 'rejected', code: 'items-failed', message: '1 of 2 failed.' },
    })
  })

  it('of a bound node', async () => {
    const bind = { path: 'one,two', mode: 'run' as const }
    const nodes = [{ id: 'a', type: 'probe', bind, config: {}, policy: accept }]
    expect(await outputOf('bound', nodes)).toEqual({
      error: { kind: 'rejected', code: 'items-failed', message: '2 of 2 failed.' },
    })
  })

  it('of a wait whose time was over', async () => {
    const nodes = [
      { id: 'a', type: 'manual', config: { title: 'Do' }, policy: { ...accept, timeout: '20ms' } },
    ]
    expect(await outputOf('wait', nodes)).toEqual({
      error: { kind: 'timed-out', code: 'timeout', message: 'The time allowed is over.' },
    })
  })
})

it('a container that failed says so by the kind of what failed in it', async () => {
  const nodes = [
    { id: 'each', type: 'loop', config: { times: 1 }, policy: { onError: 'fail' as const } },
    { id: 'x', type: 'probe', parent: 'each', config: {} },
  ]
  await publish(database.pool, { ...chain('bad', nodes.slice(0, 1)), nodes })
  const { id } = await engine.start({ workflow: 'bad', by: { name: 'admin' } })
  expect(await engine.waitForEnd(id, 10_000)).toBe('rejected')
  expect((await headOf(database.pool, id)).error).toMatchObject({ kind: 'rejected', code: 'items-failed' })
})
