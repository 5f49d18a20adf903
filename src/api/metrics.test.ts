// What /metrics says after real work, and to whom.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, until } from '../../tests/helpers/engine.ts'
import { buildApp } from './app.ts'
import { routes } from './contract/routes.ts'
import { type BoundRoute, handle } from './handler.ts'
import { healthRoutes } from './routes/health.ts'
import { createSharedReads } from './shared-reads.ts'

let api: TestApi
const by = { name: 'admin' }

beforeAll(async () => {
  api = await openApi()
  const nodes = [
    { id: 'work', type: 'probe', config: {} },
    { id: 'rest', type: 'delay', config: { for: '20ms' } },
    { id: 'sum', type: 'set', config: { values: {} } },
  ]
  await publish(api.pool, chain('measured', nodes))
  await publish(api.pool, chain('asks', [{ id: 'ask', type: 'manual', config: { title: 'Do it' } }]))
})
afterAll(() => api.close())

async function read(): Promise<Map<string, number>> {
  const { body } = await api.app.inject({ url: '/metrics' })
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

const ended = (id: string) => api.engine.waitForEnd(id, 10_000)

describe('/metrics', () => {
  it('counts executions, node runs, commits and claims', async () => {
    const before = await read()
    const started = await Promise.all([1, 2, 3].map(() => api.engine.start({ workflow: 'measured', by })))
    for (const { id } of started) expect(await ended(id)).toBe('completed')
    const after = await read()
    const rise = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0)
    expect(rise('fermata_executions_created_total{workflow="measured",trigger="manual"}')).toBe(3)
    expect(rise('fermata_executions_started_total{workflow="measured"}')).toBe(3)
    expect(rise('fermata_executions_ended_total{workflow="measured",status="completed"}')).toBe(3)
    expect(rise('fermata_execution_seconds_count{status="completed"}')).toBe(3)
    for (const type of ['probe', 'delay', 'set'])
      expect(rise(`fermata_node_runs_total{type="${type}",status="completed"}`), type).toBe(3)
    expect(rise('fermata_node_run_seconds_count{type="probe",status="completed"}')).toBe(3)
    // It waited: its row does not tell how long it took.
    expect(rise('fermata_node_run_seconds_count{type="delay",status="completed"}')).toBe(0)
    expect(rise('fermata_claims_total{kind="wake"}')).toBe(3)
    expect(rise('fermata_queue_lateness_seconds_count{kind="wake"}')).toBe(3)
    expect(rise('fermata_commit_batch_size_sum')).toBeGreaterThanOrEqual(9)
    expect(rise('fermata_commit_seconds_count')).toBe(rise('fermata_commit_batch_size_count'))
    expect(rise('fermata_commit_seconds_sum')).toBeGreaterThan(0)
  })

  it('tells what is live, what is queued, and who works', async () => {
    await publish(api.pool, chain('later', [{ id: 'rest', type: 'delay', config: { for: '1h' } }]))
    const { id } = await api.engine.start({ workflow: 'later', by })
    const asked = await api.engine.start({ workflow: 'asks', by })
    const figures = await read()
    expect(figures.get('fermata_executions_live{status="running"}')).toBe(2)
    expect(figures.get('fermata_executions_waiting')).toBe(2)
    expect(figures.get('fermata_tasks_open')).toBe(1)
    expect(figures.get('fermata_queue_rows{workflow="later",kind="wake",state="later"}')).toBe(1)
    expect(figures.get('fermata_processes{role="worker"}')).toBe(1)
    expect(figures.get('fermata_database_up')).toBe(1)
    expect(figures.get('fermata_pool_connections{pool="main",state="busy"}')).toBeGreaterThanOrEqual(0)
    for (const one of [id, asked.id]) await api.engine.act(one, { type: 'terminate' }, by)
    expect((await read()).get('fermata_executions_live{status="running"}')).toBe(0)
  })

  it('tells that an effect runs, and how many there is room for', async () => {
    let release: (() => void) | undefined
    api.probe.answer = () =>
      new Promise((resolve) => {
        release = () => resolve({ type: 'done', output: null })
      })
    const { id } = await api.engine.start({ workflow: 'measured', by })
    const figures = await until(read, (all) => all.get('fermata_effects_running') === 1)
    expect(figures.get('fermata_effects_capacity')).toBe(50)
    expect(figures.get('fermata_executions_in_memory')).toBe(1)
    release?.()
    api.probe.answer = () => ({ type: 'done', output: null })
    await ended(id)
  })

  it('counts answers by route, and nothing that callers invent', async () => {
    await api.call('admin', 'GET /api/v1/executions/999')
    await api.call('admin', 'GET /nothing-like-it')
    const figures = await read()
    const key = 'fermata_http_requests_total{method="GET",route="/api/v1/executions/:id",status="404"}'
    expect(figures.get(key)).toBe(1)
    expect([...figures.keys()].filter((name) => name.includes('nothing-like-it'))).toEqual([])
  })

  it('has a name, a help text and a type for everything', async () => {
    const { body, headers } = await api.app.inject({ url: '/metrics' })
    expect(headers['content-type']).toMatch('text/plain; version=0.0.4')
    const names = [...body.matchAll(/^([a-z_]+?)(?:_bucket|_sum|_count)?[{ ]/gm)].map(([, name]) => name)
    for (const name of new Set(names)) {
      expect(body).toMatch(new RegExp(`^# HELP ${name} .+$`, 'm'))
      expect(body).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`, 'm'))
    }
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m)
  })

  it('still tells of the process when the database is away', async () => {
    const db = { ...api.pool, query: () => Promise.reject(new Error('connection refused')) }
    const app = await appWith('local', db)
    const { body } = await app.inject({ url: '/metrics' })
    expect(body).toContain('\nfermata_database_up 0\n')
    expect(body).toContain('\nprocess_cpu_seconds_total ')
    await app.close()
  })
})

const rest: BoundRoute[] = routes
  .filter(({ resource }) => resource !== 'health')
  .map(({ route }) => handle(route, () => ({}) as never))

/** Whoever sends the token `permitted` may see the system, `plain` may not. */
async function appWith(
  metricsAccess: 'local' | 'open' | 'permitted',
  db = api.pool,
): Promise<FastifyInstance> {
  const callers: Record<string, readonly string[]> = { permitted: ['system.view'], plain: ['task.view'] }
  const byToken = async (token: string) =>
    callers[token] && ({ permissions: new Set(callers[token]), via: 'token' } as never)
  const app = await buildApp({
    reads: createSharedReads(db),
    authenticator: { bySession: async () => undefined, byToken },
    bound: [...rest, ...healthRoutes({ db, engine: api.engine })],
    consoleRoot: '/nowhere',
    version: '1',
    metricsAccess,
  })
  await app.ready()
  return app
}

describe('who may read /metrics', () => {
  const elsewhere = { remoteAddress: '10.1.2.3' }
  const here = { remoteAddress: '127.0.0.1' }
  const proxied = { ...here, headers: { 'x-forwarded-for': '10.1.2.3' } }
  const bearer = (token: string) => ({ ...elsewhere, headers: { authorization: `Bearer ${token}` } })

  it.each([
    ['local', here, 200],
    ['local', { remoteAddress: '::1' }, 200],
    ['local', proxied, 401],
    ['local', elsewhere, 401],
    ['local', bearer('plain'), 403],
    ['local', bearer('permitted'), 200],
    ['permitted', here, 401],
    ['permitted', bearer('permitted'), 200],
    ['open', elsewhere, 200],
    ['open', proxied, 200],
  ] as const)('%s: %j gets %i', async (access, from, status) => {
    const app = await appWith(access)
    expect((await app.inject({ url: '/metrics', ...from })).statusCode).toBe(status)
    await app.close()
  })
})
