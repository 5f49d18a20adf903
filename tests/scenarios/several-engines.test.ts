// Several engines on one database, what they remember of each other's work, and how they share it (rules 18 to 25).
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Pool } from '../../src/store/db.ts'
import { openWriter, type Writer } from '../../src/store/writer.ts'
import { chain, createProbe, headOf, publish, runsOf, silentLog, until } from '../helpers/engine.ts'
import { by, openStage, type Stage, set, statusesOf, untilHead } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.clear())

const probe = (id: string, more: object = {}) => ({ id, type: 'probe', ...more })
const manual = (id: string) => ({ id, type: 'manual', config: { title: id } })

/** A database that tells nobody anything: what processes learn of each other they find by looking. */
const deaf = (pool: Pool): Pool => ({
  ...pool,
  run: (text, values, name) => (name === 'notify' ? Promise.resolve(0) : pool.run(text, values, name)),
})

describe('memory', () => {
  it('nothing at rest is kept: not what waits, not what is held, not what ended, not what was looked at', async () => {
    const engine = await stage.engine()
    stage.probe.answer = ({ run }) =>
      run.id === 'bad' ? { type: 'fail', kind: 'failed', code: 'x', message: 'No.' } : { type: 'done' }
    await publish(stage.pool, chain('ends', [probe('a'), set('x')]))
    await publish(stage.pool, chain('naps', [probe('a'), { id: 'd', type: 'delay', config: { for: '1h' } }]))
    await publish(stage.pool, chain('asks', [probe('a'), manual('m')]))
    await publish(stage.pool, chain('holds', [probe('bad', { policy: { onError: 'hold' } })]))
    const started = await Promise.all(
      ['ends', 'naps', 'asks', 'holds'].map((workflow) => engine.start({ workflow, by })),
    )
    const ids = started.map(({ id }) => id)
    await until(
      () => Promise.all(ids.map((id) => headOf(stage.pool, id))),
      ([ended, naps, asks, holds]) =>
        ended?.status === 'completed' &&
        naps?.waiting === true &&
        asks?.waiting === true &&
        holds?.attention === true,
    )
    await until(
      async () => engine.gate.size,
      (size) => size === 0,
    )
    for (const id of ids) await engine.act(id, { type: 'skip', run: 'x' }, by).catch(() => undefined)
    await engine.act(ids[0] ?? '', { type: 'retry' }, by).catch(() => undefined)
    expect(engine.gate.size).toBe(0)
  })

  it('that is behind is not believed: a timer of another process fires here, an act is judged by what is', async () => {
    stage.probe.answer = stage.gates.wait
    const one = await stage.engine()
    await publish(stage.pool, {
      key: 'both',
      nodes: [
        probe('a'),
        manual('m'),
        { id: 'd', type: 'delay', config: { for: '30ms' } },
        probe('z'),
        manual('m2'),
      ],
      edges: [
        { from: 'm', to: 'd' },
        { from: 'd', to: 'z' },
        { from: 'm', to: 'm2' },
      ],
    })
    const deafOnes = { roles: ['api'], pool: deaf(stage.pool) }
    const starts = [
      await one.start({ workflow: 'both', by }),
      await one.start({ workflow: 'both', by }),
    ] as const
    await stage.gates.untilWaiting(2)
    expect(one.gate.size).toBe(2)
    // A second process without timers moves both on, unheard; the first one has them in memory as they were.
    const two = await stage.engine(deafOnes as never)
    for (const { id } of starts) await two.act(id, { type: 'complete', run: 'm' }, by)
    await one.act(starts[0].id, { type: 'complete', run: 'm2' }, by)
    await expect(one.act(starts[0].id, { type: 'complete', run: 'm' }, by)).rejects.toMatchObject({
      code: 'illegal-act',
    })
    await stage.gates.untilWaiting(4)
    expect([...stage.gates.waiting].sort()).toEqual(['a', 'a', 'z', 'z'])
    stage.gates.open()
    await one.act(starts[1].id, { type: 'complete', run: 'm2' }, by)
    for (const { id } of starts) {
      expect(await one.waitForEnd(id, 5000)).toBe('completed')
      expect(new Set(Object.values(await statusesOf(stage.pool, id)))).toEqual(new Set(['completed']))
    }
  })

  it('an act that was refused for its state leaves no trace in what is remembered', async () => {
    stage.probe.answer = ({ record, run }) =>
      run.id === 'wait' ? stage.gates.wait({ run } as never) : { type: 'done', output: record?.id ?? null }
    const engine = await stage.engine()
    const bound = probe('b', { bind: { path: 'h1,h2,h3' } })
    await publish(
      stage.pool,
      chain('rebinds', [bound, probe('wait'), set('x', { n: '{{ size(nodes.b.output) }}' })]),
    )
    const { id } = await engine.start({ workflow: 'rebinds', by, bindings: { b: ['h1', 'h2'] } })
    await stage.gates.untilWaiting(1)
    const rebind = { type: 'rebind' as const, run: 'b', records: ['h3'] }
    await expect(engine.act(id, rebind, by)).rejects.toMatchObject({ code: 'illegal-act' })
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await runsOf(stage.pool, id)).map(({ run }) => run)).toEqual(['b', 'b[h1]', 'b[h2]', 'wait', 'x'])
  })
})

describe('processes', () => {
  it('an effect is stopped by an act in another process', async () => {
    let aborted = false
    stage.probe.answer = (ctx) =>
      new Promise((resolve) => {
        ctx.signal.addEventListener('abort', () => {
          aborted = true
          resolve({ type: 'done' })
        })
      })
    const one = await stage.engine()
    const two = await stage.engine({ roles: ['api'] })
    await publish(stage.pool, chain('long', [probe('a')]))
    const { id } = await one.start({ workflow: 'long', by })
    await until(
      async () => stage.probe.calls.length,
      (count) => count === 1,
    )
    await two.act(id, { type: 'terminate', reason: 'enough' }, by)
    await until(
      async () => aborted,
      (is) => is,
    )
    expect(await headOf(stage.pool, id)).toMatchObject({ status: 'canceled' })
  })

  it('one without the role of a worker runs no effects, one without that of a scheduler no timers', async () => {
    const api = await stage.engine({ roles: ['api'] })
    await publish(
      stage.pool,
      chain('waits', [{ id: 'd', type: 'delay', config: { for: '10ms' } }, probe('a')]),
    )
    const { id } = await api.start({ workflow: 'waits', by })
    const rowsOf = () =>
      stage.pool.query<{ kind: string; due: boolean }>(
        'select kind, due_at <= now() as due from fermata.queue where execution_id = $1',
        [id],
      )
    await until(rowsOf, ([row]) => row?.due === true)
    expect(await rowsOf()).toEqual([{ kind: 'wake', due: true }])
    const scheduler = await stage.engine({ roles: ['scheduler'] })
    await until(rowsOf, ([row]) => row?.kind === 'run')
    expect(stage.probe.calls).toEqual([])
    await stage.engine({ roles: ['worker'] })
    expect(await scheduler.waitForEnd(id, 8000)).toBe('completed')
  })

  it('a result is reported until it is known, though the database is away when it comes', async () => {
    let failures = 0
    const shaky: Pool = {
      ...stage.pool,
      async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
        if (name === 'load_executions' && failures > 0) {
          failures--
          throw new Error('Connection terminated unexpectedly')
        }
        return stage.pool.query<R>(text, values, name)
      },
    }
    stage.probe.answer = stage.gates.wait
    const one = await stage.engine({ pool: shaky } as never)
    const two = await stage.engine({ roles: ['api'] })
    await publish(stage.pool, { key: 'shaky', nodes: [probe('a'), manual('m')], edges: [] })
    const { id } = await one.start({ workflow: 'shaky', by })
    await stage.gates.untilWaiting(1)
    // That it runs is noted a little later; a note after the act would be read, and kept, again.
    await until(
      () => stage.pool.query(`select 1 from fermata.all_node_runs where run = 'a' and status = 'running'`),
      (rows) => rows.length === 1,
    )
    await two.act(id, { type: 'complete', run: 'm' }, by)
    // Told of the change, it has forgotten the execution: the result must read it first.
    await until(
      async () => one.gate.size,
      (size) => size === 0,
    )
    failures = 3
    stage.gates.open()
    expect(await one.waitForEnd(id, 5000)).toBe('completed')
    expect(failures).toBe(0)
    expect(stage.probe.calls).toHaveLength(1)
  })

  it('what was claimed and got lost on the way is given back, and done', async () => {
    // The answer to every second claim never arrives, as when a connection breaks after the commit.
    let claims = 0
    const forgetful: Pool = {
      ...stage.pool,
      async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
        const rows = await stage.pool.query<R>(text, values, name)
        if (name?.startsWith('claim_due') && rows.length > 0 && claims++ % 2 === 0) {
          throw Object.assign(new Error('Connection terminated unexpectedly'), { rows })
        }
        return rows
      },
    }
    const engine = await stage.engine({
      pool: forgetful,
      concurrency: 2,
      beatMs: 50,
      log: silentLog,
    } as never)
    const nodes = Array.from({ length: 8 }, (_, n) => probe(`n${n}`))
    await publish(stage.pool, { key: 'lossy', nodes, edges: [] })
    const { id } = await engine.start({ workflow: 'lossy', by })
    expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    expect(stage.probe.calls.map(({ run }) => run).sort()).toEqual(nodes.map((node) => node.id))
    expect(claims).toBeGreaterThan(1)
  })
})

describe('sharing', () => {
  it('a long queue of one workflow does not keep another waiting for its end', async () => {
    const order: string[] = []
    stage.probe.answer = ({ execution }) => {
      order.push(execution.workflow)
      return { type: 'done' }
    }
    const engine = await stage.engine({ concurrency: 4 })
    const many = Array.from({ length: 2000 }, (_, n) => probe(`n${n}`))
    await publish(stage.pool, { key: 'greedy', nodes: many, edges: [] })
    await publish(stage.pool, chain('zmodest', [probe('a'), probe('b'), probe('c')]))
    const greedy = await engine.start({ workflow: 'greedy', by })
    const modest = await engine.start({ workflow: 'zmodest', by })
    expect(await engine.waitForEnd(modest.id, 20_000)).toBe('completed')
    expect(await headOf(stage.pool, greedy.id)).toMatchObject({ status: 'running' })
    expect(await engine.waitForEnd(greedy.id, 25_000)).toBe('completed')
    const last = order.lastIndexOf('zmodest')
    expect(order).toHaveLength(2003)
    expect(last).toBeLessThan(1000)
  })

  it('a chain that never lets go of its place leaves others their share', async () => {
    stage.probe.answer = () => ({ type: 'done' })
    const engine = await stage.engine({ concurrency: 2 })
    const times = 300
    const loop = { id: 'l', type: 'loop', config: { times } }
    await publish(stage.pool, { key: 'chain', nodes: [loop, probe('e', { parent: 'l' })], edges: [] })
    await publish(stage.pool, chain('zother', [probe('o')]))
    const chains = await Promise.all([1, 2, 3].map(() => engine.start({ workflow: 'chain', by })))
    const others = await Promise.all([1, 2, 3].map(() => engine.start({ workflow: 'zother', by })))
    for (const { id } of others) expect(await engine.waitForEnd(id, 20_000)).toBe('completed')
    const heads = await Promise.all(chains.map(({ id }) => headOf(stage.pool, id)))
    expect(heads.some(({ status }) => status === 'running')).toBe(true)
    for (const { id } of chains) expect(await engine.waitForEnd(id, 20_000)).toBe('completed')
    expect(stage.probe.calls).toHaveLength(3 * times + 3)
  })

  it('saves of many executions share their commits', async () => {
    const engine = await stage.engine({ concurrency: 64 })
    await publish(stage.pool, chain('grouped', [probe('a'), probe('b'), probe('c')]))
    await engine.start({ workflow: 'grouped', by })
    const before = { ...engine.core.committer.figures }
    const started = await Promise.all(
      Array.from({ length: 64 }, () => engine.start({ workflow: 'grouped', by })),
    )
    for (const { id } of started) expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    const { flushes, saves } = engine.core.committer.figures
    expect(saves - before.saves).toBeGreaterThanOrEqual(64 * 4)
    expect(flushes - before.flushes).toBeLessThan((saves - before.saves) / 4)
  })
})

describe('waits', () => {
  it('a run may wait again when it has been woken', async () => {
    const polls = createProbe('polls', { effect: 'none', waits: true })
    let rounds = 0
    polls.type.resume = () =>
      ++rounds < 4
        ? { type: 'wait', for: 'time', until: { afterMs: 5 }, output: rounds }
        : { type: 'done', output: rounds }
    polls.answer = () => ({ type: 'wait', for: 'time', until: { afterMs: 5 } })
    const engine = await stage.engine({ probes: [stage.probe, polls] })
    const node = { id: 'p', type: 'polls', policy: { timeout: '1h' } }
    await publish(stage.pool, chain('polling', [node, set('x', { n: '{{ nodes.p.output }}' })]))
    const { id } = await engine.start({ workflow: 'polling', by })
    expect(await engine.waitForEnd(id, 5000)).toBe('completed')
    expect((await runsOf(stage.pool, id)).at(-1)?.output).toEqual({ n: 4 })
    expect(await stage.pool.query('select from fermata.queue where execution_id = $1', [id])).toEqual([])
  })

  it('a child that is only started goes its own way; one that fails fails its node', async () => {
    stage.probe.answer = stage.gates.wait
    const engine = await stage.engine()
    await publish(stage.pool, { ...chain('lone', [probe('k')]), kind: 'sub' })
    const start = { id: 'c', type: 'workflow', config: { workflow: 'lone', wait: false } }
    await publish(stage.pool, chain('starter', [start]))
    await publish(stage.pool, chain('asker', [{ ...start, config: { workflow: 'lone' } }]))
    const starter = await engine.start({ workflow: 'starter', by })
    expect(await engine.waitForEnd(starter.id, 5000)).toBe('completed')
    const asker = await engine.start({ workflow: 'asker', by })
    await stage.gates.untilWaiting(2)
    stage.gates.open('k', { type: 'fail', kind: 'rejected', code: 'no', message: 'No.' })
    expect(await engine.waitForEnd(asker.id, 5000)).toBe('rejected')
    const children = await stage.pool.query<{ id: string }>(
      `select id from fermata.executions where workflow = 'lone'`,
    )
    const ends = await Promise.all(children.map((child) => engine.waitForEnd(child.id, 5000)))
    expect(ends).toEqual(['rejected', 'rejected'])
  })

  it('a child whose parent run was stopped while it was being started is stopped too', async () => {
    const engine = await stage.engine()
    stage.probe.answer = stage.gates.wait
    await publish(stage.pool, { ...chain('late-kid', [manual('m')]), kind: 'sub' })
    await publish(
      stage.pool,
      chain('hasty', [{ id: 'c', type: 'workflow', config: { workflow: 'late-kid' } }]),
    )
    const started = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { id } = await engine.start({ workflow: 'hasty', by })
        await engine.act(id, { type: 'terminate' }, by)
        return id
      }),
    )
    // What was being started is started or not then.
    await engine.stop()
    const live = await stage.pool.query(
      'select id from fermata.executions where parent_id = any($1::bigint[]) and ended_at is null',
      [started],
    )
    expect(live).toEqual([])
  })
})

describe('the way down', () => {
  it('an engine that stops starts nothing more, and gives back what it has not begun', async () => {
    stage.probe.answer = stage.gates.wait
    const engine = await stage.engine({ concurrency: 2 })
    await publish(stage.pool, {
      key: 'stopping',
      nodes: [probe('a'), probe('b'), probe('c'), probe('d')],
      edges: [
        { from: 'a', to: 'c' },
        { from: 'b', to: 'd' },
      ],
    })
    const { id } = await engine.start({ workflow: 'stopping', by })
    await stage.gates.untilWaiting(2)
    const stopped = engine.stop()
    stage.gates.open()
    await stopped
    expect(stage.probe.calls.map(({ run }) => run)).toEqual(['a', 'b'])
    const rows = await stage.pool.query(
      'select run, claimed_by, crashes from fermata.queue where execution_id = $1',
      [id],
    )
    expect(rows).toHaveLength(2)
    expect(rows.every((row) => JSON.stringify(row).includes('"claimed_by":null,"crashes":0'))).toBe(true)
    expect(await stage.pool.query('select from fermata.processes')).toEqual([])
    const next = await stage.engine()
    await stage.gates.untilWaiting(2)
    stage.gates.open()
    expect(await next.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1])
    await untilHead(stage.pool, id, ({ status }) => status === 'completed')
  })

  it('an effect whose dispatch is being stored when an engine stops ends there, and begins nowhere else', async () => {
    stage.probe.answer = stage.gates.wait
    const own = openWriter(stage.pool)
    const saving = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const writer: Writer = {
      ...own,
      async query(...call) {
        saving.resolve()
        await held.promise
        return own.query(...call)
      },
    }
    const engine = await stage.engine({ writer })
    await publish(stage.pool, chain('late', [probe('a')]))
    const started = engine.start({ workflow: 'late', by })
    await saving.promise
    const stopped = engine.stop()
    held.resolve()
    await stage.gates.untilWaiting(1)
    const { id } = await started
    const other = await stage.engine()
    const claims = await stage.pool.query('select claimed_by from fermata.queue where execution_id = $1', [
      id,
    ])
    expect(claims).toEqual([{ claimed_by: engine.process }])
    stage.gates.open()
    await stopped
    expect(await other.waitForEnd(id, 5000)).toBe('completed')
    expect(stage.probe.calls).toHaveLength(1)
    expect(await stage.pool.query('select id from fermata.processes')).toEqual([{ id: other.process }])
  })

  it('a result is dropped whose claim others had released, though the same process has claimed it anew', async () => {
    stage.probe.answer = stage.gates.wait
    const engine = await stage.engine({ beatMs: 50 })
    await publish(stage.pool, chain('anew', [probe('a')]))
    const { id } = await engine.start({ workflow: 'anew', by })
    await stage.gates.untilWaiting(1)
    // As others do who take it for dead; it has come back and claimed the row again before it knew of it.
    await stage.pool.run('update fermata.queue set crashes = crashes + 1 where execution_id = $1', [id])
    await stage.pool.run('update fermata.executions set seq = seq + 1 where id = $1', [id])
    stage.gates.open()
    expect(await engine.waitForEnd(id, 5000)).toBe('error')
    expect((await headOf(stage.pool, id)).error).toMatchObject({ code: 'interrupted' })
    expect(stage.probe.calls).toHaveLength(1)
  })

  it('what does not end in time is interrupted: repeated by the next if it may be, else shown', async () => {
    const safe = createProbe('safe', { idempotent: true })
    const forever = () => new Promise<never>(() => undefined)
    safe.answer = forever
    stage.probe.answer = forever
    const engine = await stage.engine({ probes: [stage.probe, safe], finishWithinMs: 30 })
    await publish(stage.pool, chain('stubborn', [probe('a')]))
    await publish(stage.pool, chain('repeatable', [{ id: 'a', type: 'safe' }]))
    const stubborn = await engine.start({ workflow: 'stubborn', by })
    const repeatable = await engine.start({ workflow: 'repeatable', by })
    await until(
      async () => stage.probe.calls.length + safe.calls.length,
      (count) => count === 2,
    )
    await engine.stop()
    safe.answer = () => ({ type: 'done' })
    const next = await stage.engine({ probes: [stage.probe, safe] })
    expect(await next.waitForEnd(repeatable.id, 5000)).toBe('completed')
    expect(await next.waitForEnd(stubborn.id, 5000)).toBe('error')
    expect((await headOf(stage.pool, stubborn.id)).error).toMatchObject({ code: 'interrupted' })
    expect(stage.probe.calls).toHaveLength(1)
    expect(new Set(safe.calls.map(({ key }) => key)).size).toBe(1)
    expect(safe.calls).toHaveLength(2)
  })
})

describe('a program from before node runs shared rows', () => {
  it('finds each in a row of its own as long as it is there', async () => {
    await stage.pool.run(
      `insert into fermata.processes (id, host, pid, roles, beat_at) values (gen_random_uuid(), 'old', 1, '{}', 'infinity')`,
    )
    const engine = await stage.engine({ beatMs: 20 })
    await publish(stage.pool, chain('inline', [set('a'), set('b'), set('c')]))
    const packsOf = async () => {
      const { id } = await engine.start({ workflow: 'inline', by })
      expect(await engine.waitForEnd(id, 5000)).toBe('completed')
      expect(await runsOf(stage.pool, id)).toHaveLength(3)
      const packs = await stage.pool.query('select from fermata.run_packs where execution_id = $1', [id])
      return packs.length
    }
    expect(await packsOf()).toBe(0)
    await stage.pool.run(`delete from fermata.processes where host = 'old'`)
    await until(packsOf, (packs) => packs === 1)
  })
})
