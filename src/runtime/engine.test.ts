import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  chain,
  createProbe,
  headOf,
  type Probe,
  publish,
  runsOf,
  startTestEngine,
  until,
} from '../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { RunningEngine } from './start-engine.ts'

let database: TestDatabase
let engine: RunningEngine
let probe: Probe
const by = { name: 'admin' }

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  probe = createProbe()
  engine = await startTestEngine(database.pool, { probes: [probe] })
})
afterEach(() => engine.stop())

const set = (id: string, values: object = { x: 1 }) => ({ id, type: 'set', config: { values } })

describe('one execution', () => {
  it('runs ten inline nodes in one commit and ends completed', async () => {
    const nodes = Array.from({ length: 10 }, (_, n) =>
      set(`n${n}`, n === 0 ? { x: 1 } : { x: `{{ nodes.n${n - 1}.output.x + 1 }}` }),
    )
    await publish(database.pool, chain('w10', nodes))
    const before = engine.core.committer.figures.flushes
    const { id, status } = await engine.start({ workflow: 'w10', by })
    expect(status).toBe('completed')
    expect(engine.core.committer.figures.flushes - before).toBe(1)
    const runs = await runsOf(database.pool, id)
    expect(runs).toHaveLength(10)
    expect(runs.at(-1)).toMatchObject({ run: 'n9', status: 'completed', output: { x: 10 } })
  })

  it('runs effects one after another, each dispatched after the commit of the one before', async () => {
    const nodes = Array.from({ length: 3 }, (_, n) => ({ id: `e${n}`, type: 'probe', config: { output: n } }))
    await publish(database.pool, chain('effects', nodes))
    const { id } = await engine.start({ workflow: 'effects', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ run }) => run)).toEqual(['e0', 'e1', 'e2'])
    expect(await database.pool.query('select from fermata.queue')).toEqual([])
  })

  it('retries by policy, then holds, and goes on after an operator retries', async () => {
    probe.answer = (ctx) =>
      ctx.run.attempt < 4
        ? { type: 'fail', kind: 'error', code: 'down', message: 'The host is down.' }
        : { type: 'done' }
    const policy = { retry: { attempts: 2, delay: '10ms' }, onError: 'hold' as const }
    await publish(database.pool, chain('held', [{ id: 'a', type: 'probe', policy }, set('after')]))
    const { id } = await engine.start({ workflow: 'held', by })
    await until(
      () => headOf(database.pool, id),
      (head) => head.attention,
    )
    expect((await runsOf(database.pool, id)).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'error'],
      [2, 'error'],
      [3, 'error'],
    ])
    await engine.act(id, { type: 'retry-run', run: 'a', attempt: 3, reason: 'it is up' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    const keys = probe.calls.map(({ key }) => key)
    expect(new Set(keys.slice(0, 3)).size).toBe(1)
    expect(keys[3]).not.toBe(keys[0])
    await expect(engine.act(id, { type: 'retry-run', run: 'a', attempt: 3 }, by)).rejects.toMatchObject({
      code: 'illegal-act',
    })
  })

  it('runs a bound node once per record and retries only the record that failed', async () => {
    probe.answer = (ctx) =>
      ctx.run.id === 'a[h2]' && ctx.run.attempt === 1
        ? { type: 'fail', kind: 'failed', code: 'full', message: 'No space left.' }
        : { type: 'done', output: ctx.record?.id ?? null }
    await publish(database.pool, {
      ...chain('bound', [
        { id: 'a', type: 'probe', bind: { path: 'h1,h2,h3' }, policy: { onError: 'hold' } },
        set('after', { all: '{{ nodes.a.output.map(o, o.output) }}' }),
      ]),
    })
    const { id } = await engine.start({ workflow: 'bound', by })
    await until(
      () => headOf(database.pool, id),
      (head) => head.attention,
    )
    await engine.act(id, { type: 'retry', reason: 'cleaned' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(probe.calls.map(({ run }) => run).sort()).toEqual(['a[h1]', 'a[h2]', 'a[h2]', 'a[h3]'])
    const after = (await runsOf(database.pool, id)).find(({ run }) => run === 'after')
    expect(after?.output).toEqual({ all: ['h1', 'h2', 'h3'] })
  })

  it('waits for time without holding capacity, and wakes', async () => {
    await publish(
      database.pool,
      chain('waits', [{ id: 'd', type: 'delay', config: { for: '150ms' } }, set('x')]),
    )
    const { id } = await engine.start({ workflow: 'waits', by })
    expect(await headOf(database.pool, id)).toMatchObject({ status: 'running', waiting: true })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
  })

  it('asks a person and goes on with the answer', async () => {
    await publish(
      database.pool,
      chain('asks', [
        { id: 'm', type: 'manual', config: { title: 'Fill in', form: { type: 'object' } } },
        set('x', { got: '{{ nodes.m.output.name }}' }),
      ]),
    )
    const { id } = await engine.start({ workflow: 'asks', by })
    const [task] = await database.pool.query<{ id: string }>(
      'select id from fermata.tasks where execution_id = $1',
      [id],
    )
    await engine.answerTask(task?.id ?? '', { output: { name: 'Li' } }, by)
    expect(await headOf(database.pool, id)).toMatchObject({ status: 'completed' })
    expect((await runsOf(database.pool, id)).find(({ run }) => run === 'x')?.output).toEqual({ got: 'Li' })
    await expect(engine.answerTask(task?.id ?? '', { output: {} }, by)).rejects.toMatchObject({
      code: 'illegal-act',
    })
  })

  it('asks nobody for what was over before it was asked', async () => {
    const nodes = [
      {
        id: 'any',
        type: 'parallel',
        config: { mode: 'any', branches: [{ name: 'slow' }, { name: 'quick' }] },
      },
      { id: 'm', type: 'manual', parent: 'any', branch: 'slow', config: { title: 'Fill in' } },
      { ...set('x'), parent: 'any', branch: 'quick' },
    ]
    await publish(database.pool, { key: 'quicker', nodes })
    const { id, status } = await engine.start({ workflow: 'quicker', by })
    expect(status).toBe('completed')
    const tasks = await database.pool.query('select from fermata.tasks where execution_id = $1', [id])
    expect(tasks).toEqual([])
  })

  it('pauses: what runs ends, nothing new starts; resumes and terminates', async () => {
    let release: () => void = () => undefined
    probe.answer = (ctx) =>
      ctx.run.id === 'a'
        ? new Promise((resolve) => {
            release = () => resolve({ type: 'done' })
          })
        : { type: 'done' }
    await publish(
      database.pool,
      chain('pauses', [
        { id: 'a', type: 'probe' },
        { id: 'b', type: 'probe' },
      ]),
    )
    const { id } = await engine.start({ workflow: 'pauses', by })
    await engine.act(id, { type: 'pause', reason: 'look' }, by)
    release()
    await until(
      () => runsOf(database.pool, id),
      (runs) => runs.some(({ run, status }) => run === 'b' && status === 'queued'),
    )
    expect(probe.calls).toHaveLength(1)
    await engine.act(id, { type: 'resume' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
  })

  it('terminates a running effect through its signal', async () => {
    let aborted = false
    probe.answer = (ctx) =>
      new Promise((resolve) => {
        ctx.signal.addEventListener('abort', () => {
          aborted = true
          resolve({ type: 'done' })
        })
      })
    await publish(database.pool, chain('stops', [{ id: 'a', type: 'probe' }]))
    const { id } = await engine.start({ workflow: 'stops', by })
    await engine.act(id, { type: 'terminate', reason: 'wrong target' }, by)
    expect(await headOf(database.pool, id)).toMatchObject({ status: 'canceled' })
    expect(aborted).toBe(true)
    await expect(engine.act(id, { type: 'terminate' }, by)).rejects.toMatchObject({ code: 'illegal-act' })
  })

  it('times an effect out and reopens the ended execution by a retry', async () => {
    probe.answer = (ctx) => (ctx.run.attempt === 1 ? new Promise(() => undefined) : { type: 'done' })
    await publish(
      database.pool,
      chain('slow', [{ id: 'a', type: 'probe', policy: { timeout: '30ms' } }, set('x')]),
    )
    const { id } = await engine.start({ workflow: 'slow', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('error')
    expect(await headOf(database.pool, id)).toMatchObject({ error: { code: 'timeout', run: 'a' } })
    await engine.act(id, { type: 'retry-run', run: 'a', reason: 'again' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
  })

  it('runs a sub-workflow as a child and takes its output', async () => {
    await publish(database.pool, {
      ...chain('child', [{ id: 'o', type: 'output', config: { value: '{{ inputs.n * 2 }}' } }]),
      kind: 'sub',
    })
    await publish(
      database.pool,
      chain('parent', [
        { id: 'c', type: 'workflow', config: { workflow: 'child', inputs: { n: 21 } } },
        set('x', { got: '{{ nodes.c.output }}' }),
      ]),
    )
    const { id } = await engine.start({ workflow: 'parent', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await runsOf(database.pool, id)).find(({ run }) => run === 'x')?.output).toEqual({ got: 42 })
  })

  it('loops over a list with item and index, and while a condition holds', async () => {
    await publish(database.pool, {
      key: 'loops',
      nodes: [
        { id: 'each', type: 'loop', config: { over: '{{ inputs.list }}', concurrency: 2 } },
        { ...set('s', { v: '{{ item + index }}' }), parent: 'each' },
        { id: 'w', type: 'loop', config: { while: 'index < 3' } },
        { ...set('t', { i: '{{ index }}' }), parent: 'w' },
        set('end', {
          sums: '{{ nodes.each.output.map(o, o.output.v) }}',
          rounds: '{{ size(nodes.w.output) }}',
        }),
      ],
      edges: [
        { from: 'each', to: 'w' },
        { from: 'w', to: 'end' },
      ],
    })
    const { id } = await engine.start({ workflow: 'loops', inputs: { list: [10, 20, 30] }, by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await runsOf(database.pool, id)).find(({ run }) => run === 'end')?.output).toEqual({
      sums: [10, 21, 32],
      rounds: 3,
    })
  })

  it('knows the items of a loop again after it was out of memory', async () => {
    const nodes = [
      {
        id: 'each',
        type: 'loop',
        config: { over: ['a', 'b'] },
        policy: { retry: { attempts: 2, on: ['failed' as const] } },
      },
      { id: 'nap', type: 'delay', parent: 'each', config: { for: '10ms' } },
      { id: 'flaky', type: 'probe', parent: 'each', config: {} },
      { id: 'again', type: 'delay', parent: 'each', config: { for: '10ms' } },
      { ...set('name', { x: '{{ item }}' }), parent: 'each' },
    ]
    probe.answer = ({ run }) =>
      run.attempt === 1 ? { type: 'fail', kind: 'failed', code: 'no', message: 'No.' } : { type: 'done' }
    const edges = nodes.slice(2).map((node, n) => ({ from: nodes[n + 1]?.id as string, to: node.id }))
    await publish(database.pool, { key: 'napping', nodes, edges })
    const { id } = await engine.start({ workflow: 'napping', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    const runs = await runsOf(database.pool, id)
    const named = runs.filter(({ run }) => run.endsWith('/name')).map(({ output }) => output)
    expect(named).toEqual([{ x: 'a' }, { x: 'b' }])
  })

  it('starts once for one dedup key, and refuses unknown workflows', async () => {
    await publish(database.pool, chain('once', [set('x')]))
    const [one, two] = await Promise.all([
      engine.start({ workflow: 'once', dedupKey: 'k', by }),
      engine.start({ workflow: 'once', dedupKey: 'k', by }),
    ])
    expect(one.id).toBe(two.id)
    await expect(engine.start({ workflow: 'nowhere', by })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('queues by concurrency limit and starts the next when one ends', async () => {
    const releases: (() => void)[] = []
    probe.answer = () => new Promise((resolve) => releases.push(() => resolve({ type: 'done' })))
    await publish(database.pool, {
      ...chain('single', [{ id: 'a', type: 'probe' }]),
      settings: { concurrency: { limit: 1 } },
    })
    const first = await engine.start({ workflow: 'single', by })
    await until(
      async () => releases.length,
      (n) => n === 1,
    )
    const second = await engine.start({ workflow: 'single', by })
    expect(second.status).toBe('queued')
    releases[0]?.()
    await until(
      async () => releases.length,
      (n) => n === 2,
    )
    expect(await headOf(database.pool, first.id)).toMatchObject({ status: 'completed' })
    releases[1]?.()
    expect(await engine.waitForEnd(second.id, 5000)).toBe('completed')
  })
})
