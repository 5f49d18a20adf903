// What keeps one execution from hurting all others (rule 27), and what becomes of large things.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chain, createProbe, headOf, publish, runsOf, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set, statusesOf, untilHead } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const probe = (id: string, more: object = {}) => ({ id, type: 'probe', ...more })
const errorOf = async (id: string, run: string) => {
  const rows = await stage.pool.query<{ error: { code: string; kind: string } | null }>(
    'select error from fermata.all_node_runs where execution_id = $1 and run = $2 order by attempt desc limit 1',
    [id, run],
  )
  return rows[0]?.error
}

describe('time', () => {
  it('the deadline of an execution cancels it with reason timeout', async () => {
    stage.probe.answer = () => new Promise(() => undefined)
    const engine = await stage.engine()
    await publish(stage.pool, { ...chain('late', [probe('a')]), settings: { timeout: '150ms' } })
    const { id } = await engine.start({ workflow: 'late', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('canceled')
    const [row] = await stage.pool.query('select reason from fermata.executions where id = $1', [id])
    expect(row).toEqual({ reason: 'timeout' })
    expect(await statusesOf(stage.pool, id)).toEqual({ a: 'canceled' })
  })

  it('a timeout longer than a timer of the platform does not strike at once', async () => {
    const engine = await stage.engine()
    stage.probe.answer = stage.gates.wait
    await publish(stage.pool, chain('patient', [probe('a', { policy: { timeout: '60d' } })]))
    const { id } = await engine.start({ workflow: 'patient', by })
    await untilHead(stage.pool, id, ({ seq }) => seq > 1)
    expect(await statusesOf(stage.pool, id)).toEqual({ a: 'running' })
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
  })

  it('a wait is timed out by its policy, and the task it left is closed', async () => {
    const engine = await stage.engine()
    const policy = { timeout: '80ms', onError: 'branch' as const }
    await publish(stage.pool, {
      key: 'asks-long',
      nodes: [{ id: 'm', type: 'manual', config: { title: 'Do it' }, policy }, set('x')],
      edges: [{ from: 'm', port: 'error', to: 'x' }],
    })
    const { id } = await engine.start({ workflow: 'asks-long', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect(await statusesOf(stage.pool, id)).toEqual({ m: 'timed-out', x: 'completed' })
    expect(await stage.pool.query('select status from fermata.tasks where execution_id = $1', [id])).toEqual([
      { status: 'canceled' },
    ])
  })
})

describe('numbers', () => {
  it('node runs per execution are limited, whatever loops, fails or goes on', async () => {
    const engine = await stage.engine({ limits: { nodeRuns: 40 } })
    const forever = { id: 'w', type: 'loop', config: { while: 'true' } }
    await publish(stage.pool, { key: 'inline', nodes: [forever, { ...set('s'), parent: 'w' }], edges: [] })
    await publish(stage.pool, {
      key: 'tolerant',
      nodes: [forever, { ...set('s'), parent: 'w', policy: { onError: 'continue' } }],
      edges: [],
    })
    await publish(stage.pool, {
      key: 'effects',
      nodes: [forever, probe('e', { parent: 'w', policy: { onError: 'continue' } })],
      edges: [],
    })
    for (const workflow of ['inline', 'tolerant', 'effects']) {
      const { id } = await engine.start({ workflow, by })
      // Canceled, where the policy would have let it go on.
      expect(['failed', 'canceled'], workflow).toContain(await engine.waitForEnd(id, 5000))
      expect((await headOf(stage.pool, id)).error, workflow).toMatchObject({ code: 'limit-exceeded' })
      expect((await runsOf(stage.pool, id)).length).toBeLessThanOrEqual(42)
    }
    expect(stage.probe.calls.length).toBeLessThanOrEqual(40)
  })

  it('items of a loop are limited', async () => {
    const engine = await stage.engine({ limits: { loopItems: 100 } })
    await publish(stage.pool, {
      key: 'wide',
      nodes: [
        { id: 'l', type: 'loop', config: { times: '{{ inputs.n }}' } },
        { ...set('s'), parent: 'l' },
      ],
      edges: [],
      inputs: { type: 'object', properties: { n: { type: 'integer' } } },
    })
    expect((await engine.start({ workflow: 'wide', inputs: { n: 100 }, by })).status).toBe('completed')
    const { id, status } = await engine.start({ workflow: 'wide', inputs: { n: 101 }, by })
    expect(status).toBe('failed')
    expect(await errorOf(id, 'l')).toMatchObject({ code: 'limit-exceeded' })
  })

  it('sub-workflows may be nested so deep and no deeper', async () => {
    const engine = await stage.engine({ limits: { depth: 3 } })
    const nodes = [{ id: 'c', type: 'workflow', config: { workflow: 'deep' } }]
    await publish(stage.pool, chain('deep', nodes))
    const { id } = await engine.start({ workflow: 'deep', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('failed')
    const depths = await stage.pool.query<{ depth: number; status: string }>(
      `select depth, status from fermata.executions where workflow = 'deep' order by depth`,
    )
    expect(depths.map(({ depth, status }) => [depth, status])).toEqual([
      [0, 'failed'],
      [1, 'failed'],
      [2, 'failed'],
      [3, 'failed'],
    ])
    expect(await errorOf(id, 'c')).toMatchObject({ code: 'child-failed' })
  })
})

describe('large outputs', () => {
  const limits = { inlineBytes: 1000, outputBytes: 5000 }

  it('have a row of their own, and are read back by whoever needs them', async () => {
    stage.probe.answer = (ctx) => ({ type: 'done', output: { text: 'x'.repeat(Number(ctx.config.size)) } })
    const engine = await stage.engine({ limits })
    const large = probe('large', { config: { size: 3000 } })
    const pause = { id: 'm', type: 'manual', config: { title: 'Wait' } }
    await publish(
      stage.pool,
      chain('large', [large, pause, set('x', { n: '{{ size(nodes.large.output.text) }}' })]),
    )
    const { id } = await engine.start({ workflow: 'large', by })
    await untilHead(stage.pool, id, ({ waiting }) => waiting)
    const [row] = await stage.pool.query<{ output: unknown; length: number }>(
      `select n.output, length(b.content::text) as length from fermata.all_node_runs n
       join fermata.blobs b using (execution_id, run, attempt) where n.execution_id = $1`,
      [id],
    )
    expect(row).toEqual({ output: null, length: 3011 })
    // Nothing is left in memory: it comes from the database.
    expect(engine.gate.size).toBe(0)
    await engine.act(id, { type: 'complete', run: 'm' }, by)
    expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ n: 3000 })
  })

  it('beyond all measure fail the run, with a code', async () => {
    stage.probe.answer = () => ({ type: 'done', output: 'x'.repeat(6000) })
    const engine = await stage.engine({ limits })
    await publish(stage.pool, chain('huge', [probe('a')]))
    const { id } = await engine.start({ workflow: 'huge', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('failed')
    expect(await errorOf(id, 'a')).toMatchObject({ kind: 'failed', code: 'payload-too-large' })
    expect(await stage.pool.query('select from fermata.blobs where execution_id = $1', [id])).toEqual([])
  })

  it('that cannot be saved at all fail the run and nothing else', async () => {
    const waits = createProbe('asks', { waits: true })
    waits.answer = () => ({
      type: 'wait',
      for: 'person',
      task: { kind: 'manual', title: 'T', assignees: ['a\u0000b'], form: {} },
    })
    const engine = await stage.engine({ probes: [stage.probe, waits], log: silent })
    await publish(stage.pool, chain('unsaveable', [{ id: 'a', type: 'asks' }]))
    await publish(stage.pool, chain('fine', [probe('a')]))
    const started = await Promise.all(
      ['unsaveable', 'fine', 'fine'].map((workflow) => engine.start({ workflow, by })),
    )
    const ends = await Promise.all(started.map(({ id }) => engine.waitForEnd(id, 5000)))
    expect(ends).toEqual(['error', 'completed', 'completed'])
    expect(await errorOf(started[0]?.id ?? '', 'a')).toMatchObject({ code: 'not-saved' })
    expect(waits.calls).toHaveLength(1)
  })
})

const silent = { info() {}, warn() {}, error() {} }

describe('what a run says', () => {
  it('is shown while it runs: its row, its input, its lines; and kept in order', async () => {
    stage.probe.answer = (ctx) => {
      ctx.log('first\nsecond')
      ctx.progress(0.5, 'half')
      return stage.gates.wait(ctx).then((outcome) => {
        ctx.log('last', 'warn')
        return outcome
      })
    }
    const engine = await stage.engine()
    await publish(stage.pool, chain('talks', [probe('a', { config: { command: 'uptime' } })]))
    const { id } = await engine.start({ workflow: 'talks', by })
    const lines = () =>
      stage.pool.query<{ line: number; level: string; text: string }>(
        'select line, level, text from fermata.run_logs where execution_id = $1 order by line',
        [id],
      )
    await until(lines, (rows) => rows.length === 3)
    const [row] = await stage.pool.query(
      `select status, input ->> 'command' as command, worker is not null as worker, ended_at
       from fermata.all_node_runs where execution_id = $1`,
      [id],
    )
    expect(row).toEqual({ status: 'running', command: 'uptime', worker: true, ended_at: null })
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await lines()).map(({ line, level, text }) => [line, level, text])).toEqual([
      [1, 'info', 'first'],
      [2, 'info', 'second'],
      [3, 'debug', '50 % half'],
      [4, 'warn', 'last'],
    ])
  })

  it('is limited in lines and length', async () => {
    stage.probe.answer = (ctx) => {
      ctx.log(Array.from({ length: 50 }, (_, n) => `line ${n}`).join('\n'))
      ctx.log('more')
      return { type: 'done' }
    }
    const engine = await stage.engine({ limits: { logLines: 10, logLineLength: 6 } })
    await publish(stage.pool, chain('chatters', [probe('a')]))
    const { id } = await engine.start({ workflow: 'chatters', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    const rows = await stage.pool.query<{ text: string }>(
      'select text from fermata.run_logs where execution_id = $1 order by line',
      [id],
    )
    expect(rows).toHaveLength(10)
    expect(rows.at(-1)?.text).toBe('line 9')
  })
})
