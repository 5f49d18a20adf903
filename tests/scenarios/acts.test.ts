// What operators do (engine.md §6), on the real database.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chain, headOf, publish, runsOf, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set, statusesOf, taskOf, untilHead } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const illegal = { code: 'illegal-act' }
const probe = (id: string, more: object = {}) => ({ id, type: 'probe', ...more })
const fail = { type: 'fail', kind: 'failed', code: 'full', message: 'No space left.' } as const

async function actsOf(id: string) {
  return stage.pool.query<{ act: string; run: string | null; by: string; reason: string | null }>(
    'select act, run, by, reason from fermata.acts where execution_id = $1 order by id',
    [id],
  )
}

describe('pause and resume', () => {
  it('queued effects do not begin while paused, not even after a restart; they do once resumed', async () => {
    stage.probe.answer = stage.gates.wait
    const engine = await stage.engine({ concurrency: 1 })
    await publish(stage.pool, { key: 'many', nodes: [probe('a'), probe('b'), probe('c')], edges: [] })
    const { id } = await engine.start({ workflow: 'many', by })
    await stage.gates.untilWaiting(1)
    await engine.act(id, { type: 'pause', reason: 'look' }, by)
    await expect(engine.act(id, { type: 'pause' }, by)).rejects.toMatchObject(illegal)
    stage.gates.open()
    await until(
      () => statusesOf(stage.pool, id),
      (runs) => Object.values(runs).includes('completed'),
    )
    await engine.stop()
    const next = await stage.engine({ concurrency: 5 })
    // Whatever is due may be claimed now: a workflow started later runs, the paused one does not.
    await publish(stage.pool, chain('other', [probe('x')]))
    const other = await next.start({ workflow: 'other', by })
    await stage.gates.untilWaiting(1)
    stage.gates.open('x')
    expect(await next.waitForEnd(other.id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ run }) => run)).toHaveLength(2)
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'paused' })
    await next.act(id, { type: 'resume', reason: 'looked' }, by)
    await stage.gates.untilWaiting(2)
    stage.gates.open()
    expect(await next.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ run }) => run).sort()).toEqual(['a', 'b', 'c', 'x'])
    expect((await actsOf(id)).map(({ act, reason }) => [act, reason])).toEqual([
      ['pause', 'look'],
      ['resume', 'looked'],
    ])
  })

  it('an effect claimed just before the pause goes back to the queue until the execution is resumed', async () => {
    const engine = await stage.engine()
    const policy = { retry: { attempts: 1, delay: '60ms' } }
    await publish(stage.pool, chain('retries', [probe('a', { policy })]))
    stage.probe.answer = (ctx) =>
      ctx.run.attempt === 1
        ? { type: 'fail', kind: 'error', code: 'down', message: 'Down.' }
        : { type: 'done' }
    const { id } = await engine.start({ workflow: 'retries', by })
    await until(
      () => statusesOf(stage.pool, id),
      (runs) => runs.a === 'retrying',
    )
    await engine.act(id, { type: 'pause' }, by)
    // The retry comes due while paused: it is claimed, and parked.
    const parked = () =>
      stage.pool.query(`select from fermata.queue where execution_id = $1 and due_at = 'infinity'`, [id])
    await until(parked, (rows) => rows.length === 1)
    expect(stage.probe.calls).toHaveLength(1)
    await engine.act(id, { type: 'resume' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('children follow their parent, through both', async () => {
    stage.probe.answer = stage.gates.wait
    const engine = await stage.engine()
    await publish(stage.pool, { ...chain('kid', [probe('k'), probe('k2')]), kind: 'sub' })
    await publish(stage.pool, chain('mother', [{ id: 'c', type: 'workflow', config: { workflow: 'kid' } }]))
    const { id } = await engine.start({ workflow: 'mother', by })
    await stage.gates.untilWaiting(1)
    const child = async () =>
      (
        await stage.pool.query<{ id: string; status: string }>(
          'select id, status from fermata.executions where parent_id = $1',
          [id],
        )
      )[0]
    await engine.act(id, { type: 'pause' }, by)
    await until(child, (row) => row?.status === 'paused')
    stage.gates.open()
    await engine.act(id, { type: 'resume' }, by)
    await until(child, (row) => row?.status === 'running')
    await stage.gates.untilWaiting(1)
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(await child()).toMatchObject({ status: 'completed' })
  })
})

describe('terminate', () => {
  it('stops effects, closes tasks and takes the children along', async () => {
    let aborted = 0
    stage.probe.answer = (ctx) =>
      new Promise((resolve) => {
        ctx.signal.addEventListener('abort', () => {
          aborted++
          resolve({ type: 'done' })
        })
      })
    const engine = await stage.engine()
    await publish(stage.pool, { ...chain('kid-2', [probe('k')]), kind: 'sub' })
    await publish(stage.pool, {
      key: 'all',
      nodes: [
        probe('e'),
        { id: 'm', type: 'manual', config: { title: 'Do it' } },
        { id: 'd', type: 'delay', config: { for: '1h' } },
        { id: 'c', type: 'workflow', config: { workflow: 'kid-2' } },
      ],
      edges: [],
    })
    const { id } = await engine.start({ workflow: 'all', by })
    await until(
      async () => stage.probe.calls.length,
      (count) => count === 2,
    )
    await engine.act(id, { type: 'terminate', reason: 'wrong target' }, by)
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'canceled' })
    await until(
      () => stage.pool.query('select status, reason from fermata.executions where parent_id = $1', [id]),
      ([child]) => JSON.stringify(child) === '{"status":"canceled","reason":"parent-canceled"}',
    )
    // What is committed is seen before the process that wrote it has gone on to abort.
    await until(
      async () => aborted,
      (count) => count === 2,
    )
    expect(Object.values(await statusesOf(stage.pool, id))).toEqual([
      'canceled',
      'canceled',
      'canceled',
      'canceled',
    ])
    expect(await taskOf(stage.pool, id)).toMatchObject({ status: 'canceled' })
    await until(
      () => stage.pool.query('select from fermata.queue'),
      (rows) => rows.length === 0,
    )
    await expect(engine.act(id, { type: 'terminate' }, by)).rejects.toMatchObject(illegal)
  })

  it('an effect stopped in the turn that dispatched it never begins', async () => {
    const engine = await stage.engine()
    await publish(stage.pool, {
      key: 'ends-at-once',
      nodes: [
        probe('a'),
        { id: 'c', type: 'workflow', config: { workflow: 'nowhere' } },
        { id: 'end', type: 'end', config: { status: 'failed' } },
      ],
      edges: [],
    })
    const { id, status } = await engine.start({ workflow: 'ends-at-once', by })
    expect(status).toBe('failed')
    expect(stage.probe.calls).toEqual([])
    expect(await statusesOf(stage.pool, id)).toMatchObject({ a: 'canceled', c: 'canceled', end: 'completed' })
    // All places are free again: as many effects as there are places begin at once.
    stage.probe.answer = stage.gates.wait
    await publish(stage.pool, {
      key: 'full',
      nodes: Array.from({ length: 50 }, (_, n) => probe(`n${n}`)),
      edges: [],
    })
    const full = await engine.start({ workflow: 'full', by })
    await stage.gates.untilWaiting(50)
    stage.gates.open()
    expect(await engine.waitForEnd(full.id, 5000)).toBe('completed')
  })
})

describe('failed runs', () => {
  it('of a bound node: only the records that failed are retried, skipped or completed', async () => {
    stage.probe.answer = (ctx) =>
      ctx.run.attempt === 1 && ctx.record?.id !== 'h1' ? fail : { type: 'done', output: ctx.run.id }
    const engine = await stage.engine()
    const bound = probe('b', { bind: { path: 'h1,h2,h3,h4' }, policy: { onError: 'hold' } })
    await publish(
      stage.pool,
      chain('bound', [bound, set('after', { all: '{{ nodes.b.output.map(o, o.status) }}' })]),
    )
    const { id } = await engine.start({ workflow: 'bound', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await engine.act(id, { type: 'skip', run: 'b[h2]', reason: 'gone' }, by)
    await engine.act(id, { type: 'complete', run: 'b[h3]', reason: 'by hand', output: { done: true } }, by)
    await expect(engine.act(id, { type: 'skip', run: 'b[h2]' }, by)).rejects.toMatchObject(illegal)
    await expect(engine.act(id, { type: 'skip', run: 'b[h1]' }, by)).rejects.toMatchObject(illegal)
    await engine.act(id, { type: 'retry-run', run: 'b', records: ['h4'], reason: 'cleaned' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ run, attempt }) => [run, attempt])).toEqual([
      ['b[h1]', 1],
      ['b[h2]', 1],
      ['b[h3]', 1],
      ['b[h4]', 1],
      ['b[h4]', expect.any(Number)],
    ])
    const after = (await runsOf(stage.pool, id)).find(({ run }) => run === 'after')
    expect(after?.output).toEqual({ all: ['completed', 'skipped', 'completed', 'completed'] })
    expect((await actsOf(id)).map(({ act, run }) => [act, run])).toEqual([
      ['skip', 'b[h2]'],
      ['complete', 'b[h3]'],
      ['retry-run', 'b'],
    ])
  })

  it('skip goes on by out, complete gives an output, a second click does nothing', async () => {
    stage.probe.answer = () => fail
    const engine = await stage.engine()
    const nodes = [probe('a'), probe('b'), set('x', { got: '{{ nodes.b.output.n }}' })]
    await publish(stage.pool, { ...chain('held', nodes), settings: { onFailure: 'hold' } })
    const { id } = await engine.start({ workflow: 'held', by })
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await engine.act(id, { type: 'skip', run: 'a', attempt: 1, reason: 'not needed' }, by)
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await expect(engine.act(id, { type: 'skip', run: 'a', attempt: 1 }, by)).rejects.toMatchObject(illegal)
    const complete = {
      type: 'complete',
      run: 'b',
      attempt: 1,
      output: { n: 7 },
      reason: 'done by phone',
    } as const
    const clicks = await Promise.allSettled([engine.act(id, complete, by), engine.act(id, complete, by)])
    expect(clicks.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    const runs = await stage.pool.query<{ run: string; manual: { by: string; reason: string } | null }>(
      'select run, manual from fermata.all_node_runs where execution_id = $1 order by run',
      [id],
    )
    expect(runs).toMatchObject([
      { run: 'a', manual: { act: 'skipped', by: 'admin', reason: 'not needed' } },
      { run: 'b', manual: { act: 'completed', by: 'admin', reason: 'done by phone' } },
      { run: 'x', manual: null },
    ])
    expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ got: 7 })
  })

  it('a retry may change the config for its attempt, and reopens an ended execution', async () => {
    stage.probe.answer = (ctx) => (ctx.config.command === 'fixed' ? { type: 'done' } : fail)
    const engine = await stage.engine()
    const a = probe('a', { config: { command: 'broken', keep: 1 } })
    await publish(stage.pool, { ...chain('edited', [a, set('x')]), settings: { timeout: '1h' } })
    const { id } = await engine.start({ workflow: 'edited', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('failed')
    await engine.act(id, { type: 'retry-run', run: 'a', config: { command: 'fixed' }, reason: 'typo' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ config }) => config)).toEqual([
      { command: 'broken', keep: 1 },
      { command: 'fixed', keep: 1 },
    ])
    expect(await stage.pool.query('select from fermata.queue where execution_id = $1', [id])).toEqual([])
  })

  it('rebind puts other records in their place; what is refused changes nothing', async () => {
    stage.probe.answer = (ctx) =>
      ctx.record?.id === 'bad' ? fail : { type: 'done', output: ctx.record?.id ?? null }
    const engine = await stage.engine()
    const bound = probe('b', { bind: { path: 'good,bad,new' }, policy: { onError: 'hold' } })
    await publish(
      stage.pool,
      chain('rebound', [bound, set('x', { all: '{{ nodes.b.output.map(o, o.output) }}' })]),
    )
    const { id } = await engine.start({ workflow: 'rebound', by, bindings: { b: ['good', 'bad'] } })
    const rebind = { type: 'rebind' as const, run: 'b', records: ['new'], reason: 'replaced' }
    await untilHead(stage.pool, id, ({ attention }) => attention)
    await expect(engine.act(id, { ...rebind, records: ['stranger'] }, by)).rejects.toMatchObject({
      code: 'invalid-binding',
    })
    await engine.act(id, rebind, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    await expect(engine.act(id, { ...rebind, records: ['good'] }, by)).rejects.toMatchObject(illegal)
    const [binding] = await stage.pool.query(
      'select records, mode from fermata.bindings where execution_id = $1',
      [id],
    )
    expect(binding).toEqual({ records: ['new'], mode: 'rebound' })
    expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ all: ['new'] })
  })

  it('rebind changes the records of a node before it starts, and again while it is parked', async () => {
    stage.probe.answer = (ctx) => ({ type: 'done', output: ctx.record?.id ?? null })
    const engine = await stage.engine()
    const ask = { id: 'ask', type: 'manual', config: { title: 'Go on?', assignees: ['role:admin'] } }
    const bound = probe('b', { bind: { path: 'h1,h2,h3' } })
    const all = set('x', { all: '{{ nodes.b.output.map(o, o.output) }}' })
    await publish(stage.pool, chain('ahead', [ask, bound, all]))
    const { id } = await engine.start({ workflow: 'ahead', by })
    await untilHead(stage.pool, id, ({ waiting }) => waiting)
    const rebind = (...records: string[]) => engine.act(id, { type: 'rebind', run: 'b', records }, by)
    await expect(rebind('stranger')).rejects.toMatchObject({ code: 'invalid-binding' })
    await rebind('h1', 'h2')
    await engine.act(id, { type: 'pause' }, by)
    await engine.act(id, { type: 'complete', run: 'ask', output: {} }, by)
    await rebind('h3')
    await engine.act(id, { type: 'resume' }, by)
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ all: ['h3'] })
    await expect(rebind('h1')).rejects.toMatchObject(illegal)
  })

  it('an act on what does not exist is told apart from one that is not possible', async () => {
    const engine = await stage.engine()
    await publish(stage.pool, chain('short', [set('x')]))
    const { id } = await engine.start({ workflow: 'short', by })
    for (const act of [
      { type: 'pause' },
      { type: 'resume' },
      { type: 'retry' },
      { type: 'retry-run', run: 'x' },
      { type: 'skip', run: 'x' },
      { type: 'complete', run: 'x' },
      { type: 'confirm', run: 'x', attempt: 1 },
    ] as const) {
      await expect(engine.act(id, act, by), act.type).rejects.toMatchObject(illegal)
    }
    await expect(engine.act(id, { type: 'skip', run: 'y' }, by)).rejects.toMatchObject({ code: 'not-found' })
    await expect(engine.act('999999', { type: 'pause' }, by)).rejects.toMatchObject({ code: 'not-found' })
    expect(await actsOf(id)).toEqual([])
  })
})

describe('what waits for a person', () => {
  const choice = {
    id: 'c',
    type: 'choice',
    config: { question: 'Which way?', options: [{ name: 'left' }, { name: 'right' }] },
  }

  it('a decision takes the port that is chosen, once', async () => {
    const engine = await stage.engine()
    await publish(stage.pool, {
      key: 'decides',
      nodes: [choice, set('l'), set('r')],
      edges: [
        { from: 'c', port: 'left', to: 'l' },
        { from: 'c', port: 'right', to: 'r' },
      ],
    })
    const { id } = await engine.start({ workflow: 'decides', by })
    await expect(engine.act(id, { type: 'choose', run: 'c', port: 'up' }, by)).rejects.toMatchObject(illegal)
    await engine.act(id, { type: 'choose', run: 'c', port: 'right', reason: 'shorter' }, by)
    expect(await statusesOf(stage.pool, id)).toEqual({ c: 'completed', r: 'completed' })
    expect(await taskOf(stage.pool, id)).toMatchObject({ status: 'done', answer: { port: 'right' } })
    await expect(engine.act(id, { type: 'choose', run: 'c', port: 'left' }, by)).rejects.toMatchObject(
      illegal,
    )
  })

  it('a task answered through the inbox, or completed by hand, is closed with what was given', async () => {
    const engine = await stage.engine()
    const manual = { id: 'm', type: 'manual', config: { title: 'Fill in', form: { type: 'object' } } }
    await publish(stage.pool, chain('fills', [manual, set('x', { n: '{{ nodes.m.output.n }}' })]))
    const first = await engine.start({ workflow: 'fills', by })
    const second = await engine.start({ workflow: 'fills', by })
    await engine.answerTask((await taskOf(stage.pool, first.id)).id, { output: { n: 1 } }, by)
    await engine.act(second.id, { type: 'complete', run: 'm', output: { n: 2 }, reason: 'told me' }, by)
    for (const [{ id }, n] of [
      [first, 1],
      [second, 2],
    ] as const) {
      expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ n })
      expect(await taskOf(stage.pool, id)).toMatchObject({ status: 'done' })
    }
  })

  it('two who answer at the same time: one does, the other is told', async () => {
    const engine = await stage.engine()
    const other = await stage.engine()
    await publish(stage.pool, chain('asks-two', [{ id: 'm', type: 'manual', config: { title: 'Fill in' } }]))
    const { id } = await engine.start({ workflow: 'asks-two', by })
    const task = await taskOf(stage.pool, id)
    const answers = await Promise.allSettled(
      [engine, other, engine, other].map((one, n) => one.answerTask(task.id, { output: { n } }, by)),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await actsOf(id)).filter(({ act }) => act === 'answer')).toHaveLength(1)
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'completed' })
  })

  it('a wait for time can be cut short', async () => {
    const engine = await stage.engine()
    await publish(stage.pool, chain('naps', [{ id: 'd', type: 'delay', config: { for: '1h' } }, set('x')]))
    const { id } = await engine.start({ workflow: 'naps', by })
    await engine.act(id, { type: 'skip', run: 'd', reason: 'hurry' }, by)
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'completed' })
    expect(await stage.pool.query('select from fermata.queue where execution_id = $1', [id])).toEqual([])
  })
})
