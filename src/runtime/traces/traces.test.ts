// Spans as a collector gets them: real exporter, real HTTP, real database.
import { EventEmitter } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  chain,
  createProbe,
  emptyServices,
  publish,
  startTestEngine,
  until,
} from '../../../tests/helpers/engine.ts'
import {
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../../../tests/helpers/otlp-receiver.ts'
import { createTestDatabase } from '../../../tests/helpers/postgres.ts'
import type { HttpOptions } from '../../sdk/node-type.ts'
import type { RunningEngine } from '../start-engine.ts'
import { openTraces } from './open-traces.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let receiver: OtlpReceiver
const closers: (() => Promise<unknown>)[] = []
const by = { name: 'alice' }
const asked: HttpOptions[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  receiver.spans.length = 0
})
afterAll(async () => {
  await receiver.close()
  await database.drop()
})

const services = emptyServices({
  async http(_url, options) {
    asked.push(options)
    return { status: 503, statusText: '', headers: {}, body: new Uint8Array(), text: () => '' }
  },
  sql: async () => ({ rows: [], rowCount: 0 }),
  connect: async () => new EventEmitter() as never,
  script: () => Promise.reject(Object.assign(new Error('too long'), { code: 'timeout' })),
})

/** A process: its own engine with its own exporter. */
async function start(probe = createProbe(), share = 1): Promise<RunningEngine> {
  const to = { endpoint: `${receiver.url}/`, serviceName: 'plant-2', share, version: '1.2.3' }
  const traces = await openTraces(database.pool, to)
  const engine = await startTestEngine(database.pool, { probes: [probe], services, traces })
  closers.push(traces.close, () => engine.stop())
  return engine
}

/** Ends the processes, which sends what they have not sent yet. */
async function sent(): Promise<ReceivedSpan[]> {
  for (const close of closers.splice(0).reverse()) await close()
  return receiver.spans
}

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.filter((span) => span.name === name)
  expect(found, `spans named ${name}`).toHaveLength(1)
  return found[0] as ReceivedSpan
}
const msOf = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n)

describe('an execution', () => {
  it('is a trace: execution, node runs, calls outside', async () => {
    const probe = createProbe()
    probe.answer = async (ctx) => {
      await ctx.http('https://user:hidden@api.example.com/v1/hosts?token=hidden', {
        method: 'POST',
        headers: { a: 'b' },
      })
      await ctx.sql({ text: "select 'hidden' where $1", values: ['hidden'] })
      const socket = await ctx.connect('db-1', 22)
      await ctx.script('hidden', {}).catch(() => undefined)
      socket.emit('close')
      return { type: 'done', output: 'hidden' }
    }
    await publish(
      database.pool,
      chain('traced', [
        { id: 'call', type: 'probe', config: {} },
        { id: 'sum', type: 'set', config: { values: {} } },
      ]),
    )
    const engine = await start(probe)
    const { id } = await engine.start({ workflow: 'traced', by })
    expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    const spans = await sent()

    const execution = named(spans, 'traced')
    expect(execution.parentSpanId).toBeUndefined()
    expect(execution.attributes).toMatchObject({ 'fermata.execution': id, 'fermata.status': 'completed' })
    expect(execution.resource).toMatchObject({ 'service.name': 'plant-2', 'service.version': '1.2.3' })
    const call = named(spans, 'call')
    expect(call.attributes).toMatchObject({
      'fermata.run': 'call',
      'fermata.type': 'probe',
      'fermata.attempt': 1,
    })
    for (const name of ['call', 'sum']) expect(named(spans, name).parentSpanId).toBe(execution.spanId)
    const calls = ['POST', 'SELECT', 'connect', 'script'].map((name) => named(spans, name))
    for (const span of calls) expect([span.parentSpanId, span.kind]).toEqual([call.spanId, 3])
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)

    const [post, , connect, script] = calls
    expect(post?.attributes).toEqual({
      'http.request.method': 'POST',
      'url.full': 'https://api.example.com/v1/hosts',
      'server.address': 'api.example.com',
      'server.port': 443,
      'http.response.status_code': 503,
      'error.type': '503',
    })
    expect(connect?.attributes).toEqual({ 'server.address': 'db-1', 'server.port': 22 })
    expect(script?.status).toMatchObject({ code: 2, message: 'timeout' })
    // The other end goes on with the trace, below the span of this call.
    const traceparent = `00-${post?.traceId}-${post?.spanId}-01`
    expect(asked.splice(0)).toMatchObject([{ headers: { a: 'b', traceparent } }])
    expect(receiver.bodies.join('')).not.toContain('hidden')
  })

  it('belongs to the trace of whoever started it, and so do its children', async () => {
    await publish(database.pool, {
      ...chain('inner', [{ id: 'deep', type: 'set', config: { values: {} } }]),
      kind: 'sub',
    })
    await publish(
      database.pool,
      chain('outer', [{ id: 'child', type: 'workflow', config: { workflow: 'inner' } }]),
    )
    const engine = await start()
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const trace = `00-${traceId}-00f067aa0ba902b7-01`
    const { id } = await engine.start({ workflow: 'outer', by, trace })
    expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    const spans = await sent()
    const [outer, child, inner, deep] = ['outer', 'child', 'inner', 'deep'].map((name) => named(spans, name))
    expect(spans.map((span) => span.traceId)).toEqual(spans.map(() => traceId))
    expect(outer?.parentSpanId).toBe('00f067aa0ba902b7')
    expect(child?.parentSpanId).toBe(outer?.spanId)
    expect(inner?.parentSpanId).toBe(child?.spanId)
    expect(deep?.parentSpanId).toBe(inner?.spanId)
  })

  it('stays one trace when another process goes on with it; what waited began when it began', async () => {
    const nodes = [
      { id: 'ask', type: 'manual', config: { title: 'Do it' } },
      { id: 'after', type: 'probe', config: {} },
    ]
    await publish(database.pool, chain('two-lives', nodes))
    const first = await start()
    const { id } = await first.start({
      workflow: 'two-lives',
      by,
      trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    })
    await sent()
    const second = await start()
    const [task] = await database.pool.query<{ id: string }>(
      'select id from fermata.tasks where execution_id = $1',
      [id],
    )
    await second.answerTask(task?.id as string, {}, by)
    expect(await second.waitForEnd(id, 10_000)).toBe('completed')
    const spans = await sent()
    expect(spans.map(({ traceId }) => traceId)).toEqual(spans.map(() => 'a'.repeat(32)))
    const execution = named(spans, 'two-lives')
    const [row] = await database.pool.query<{ at: Date; began: Date }>(
      `select n.started_at as at, e.started_at as began from fermata.all_node_runs n join fermata.executions e on e.id = n.execution_id
       where e.id = $1 and n.run = 'ask'`,
      [id],
    )
    expect(msOf(named(spans, 'ask').startTimeUnixNano)).toBe(row?.at.getTime())
    expect(msOf(execution.startTimeUnixNano)).toBe(row?.began.getTime())
    for (const name of ['ask', 'after']) expect(named(spans, name).parentSpanId).toBe(execution.spanId)
  })

  it('tells attempts and items one by one, failures by their code', async () => {
    const probe = createProbe()
    probe.answer = (ctx) =>
      ctx.run.attempt === 1
        ? { type: 'fail', kind: 'error', code: 'no-luck', message: 'hidden' }
        : { type: 'done', output: null }
    const policy = { retry: { attempts: 2, delay: '1ms' } }
    await publish(database.pool, {
      key: 'tries',
      nodes: [
        { id: 'each', type: 'loop', config: { times: 2 } },
        { id: 'try', type: 'probe', parent: 'each', config: {}, policy },
      ],
      edges: [],
    })
    const engine = await start(probe)
    const { id } = await engine.start({ workflow: 'tries', by })
    expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    const spans = await sent()
    const each = named(spans, 'each')
    const tries = spans.filter(({ name }) => name === 'try')
    expect(tries.map(({ parentSpanId }) => parentSpanId)).toEqual(tries.map(() => each.spanId))
    const seen = tries.map(({ attributes, status }) => [
      attributes['fermata.run'],
      attributes['fermata.attempt'],
      status.message,
    ])
    expect(seen.sort()).toEqual([
      ['each[0]/try', 1, 'no-luck'],
      ['each[0]/try', 2, undefined],
      ['each[1]/try', 1, 'no-luck'],
      ['each[1]/try', 2, undefined],
    ])
    expect(receiver.bodies.join('')).not.toContain('hidden')
  })
})

describe('what is not wanted', () => {
  it('is not sent: the caller said no, or the trace is in no share', async () => {
    await publish(database.pool, chain('quiet', [{ id: 'one', type: 'probe', config: {} }]))
    const engine = await start(createProbe(), 0)
    const unsampled = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`
    const sampled = `00-${'e'.repeat(32)}-${'d'.repeat(16)}-01`
    for (const trace of [undefined, unsampled, sampled]) {
      const { id } = await engine.start({ workflow: 'quiet', by, ...(trace ? { trace } : {}) })
      expect(await engine.waitForEnd(id, 10_000)).toBe('completed')
    }
    const spans = await sent()
    expect(spans.map(({ traceId }) => traceId)).toEqual(['e', 'e'].map((letter) => letter.repeat(32)))
  })

  it('does not stop the engine: the collector is away', async () => {
    const to = { endpoint: 'http://127.0.0.1:9', serviceName: 'x', share: 1, version: '1' }
    const traces = await openTraces(database.pool, to)
    const engine = await startTestEngine(database.pool, { probes: [createProbe()], services, traces })
    const { id } = await engine.start({ workflow: 'quiet', by })
    expect(
      await until(
        () => engine.waitForEnd(id, 10_000),
        (status) => status === 'completed',
      ),
    ).toBe('completed')
    await engine.stop()
    await traces.close()
  })
})
