// What the log says of an execution and of requests: ids in every line, never what is inside.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, until } from '../../tests/helpers/engine.ts'
import { createLog } from '../cli/create-log.ts'

type Line = Record<string, unknown> & { msg: string; level: string }

const written: string[] = []
const lines = (): Line[] => written.map((line) => JSON.parse(line) as Line)
const said = (msg: string, about: object = {}) =>
  lines().filter(
    (line) => line.msg === msg && Object.entries(about).every(([key, value]) => line[key] === value),
  )

let api: TestApi
const by = { name: 'admin' }
const secret = 'hunter2-never-logged'

beforeAll(async () => {
  const log = createLog({ level: 'debug', format: 'json' }, { write: (line) => void written.push(line) })
  api = await openApi(undefined, log)
  await publish(api.pool, {
    ...chain('logged', [
      { id: 'sum', type: 'set', config: { values: { password: secret } } },
      { id: 'work', type: 'probe', config: { password: secret }, policy: { onError: 'fail' } },
    ]),
    settings: { onFailure: 'fail' },
  })
})
afterAll(() => api.close())

describe('the log of an execution', () => {
  it('has the ids of the execution, the run, the attempt, the workflow and the process', async () => {
    const { id } = await api.engine.start({ workflow: 'logged', by })
    await api.engine.waitForEnd(id, 10_000)
    const process = api.engine.core.worker
    const about = { execution: id, workflow: 'logged', process }
    await until(
      async () => said('Execution ended', about).length,
      (count) => count === 1,
    )
    expect(said('Execution created', about)).toMatchObject([
      { trigger: 'manual', by: 'admin', level: 'info' },
    ])
    expect(said('Execution started', about)).toHaveLength(1)
    for (const run of ['sum', 'work']) {
      const [line] = said('Node run ended', { ...about, run, attempt: 1 })
      expect(line).toMatchObject({ node: run, status: 'completed', level: 'debug', ms: expect.any(Number) })
    }
    expect(said('Execution ended', about)).toMatchObject([{ status: 'completed', ms: expect.any(Number) }])
  })

  it('tells failures by their code, and nothing of inputs, outputs and messages', async () => {
    api.probe.answer = () => ({ type: 'fail', kind: 'failed', code: 'no-luck', message: `saw ${secret}` })
    const { id } = await api.engine.start({ workflow: 'logged', by })
    await until(
      async () => said('Execution ended', { execution: id }),
      (found) => found.length === 1,
    )
    const [line] = said('Node run failed', { execution: id })
    expect(line).toMatchObject({ run: 'work', attempt: 1, type: 'probe', kind: 'failed', code: 'no-luck' })
    expect(written.join('')).not.toContain(secret)
  })

  it('tells who did what', async () => {
    await publish(api.pool, chain('asks', [{ id: 'ask', type: 'manual', config: { title: 'Do it' } }]))
    const { id } = await api.engine.start({ workflow: 'asks', by })
    await api.engine.act(id, { type: 'terminate', reason: secret }, by)
    expect(said('Act taken', { execution: id })).toMatchObject([{ act: 'terminate', by: 'admin' }])
    expect(written.join('')).not.toContain(secret)
  })
})

describe('the log of requests', () => {
  it('has the id of the request, which the caller gets and may give', async () => {
    const { id } = await api.engine.start({ workflow: 'asks', by })
    const headers = { authorization: `Bearer ${api.tokens.admin}`, 'x-request-id': 'mine-1' }
    const answer = await api.app.inject({ url: `/api/v1/executions/${id}?q=${secret}`, headers })
    expect(answer.headers['x-request-id']).toBe('mine-1')
    const [line] = said('Request answered', { request: 'mine-1' })
    expect(line).toMatchObject({
      method: 'GET',
      route: '/api/v1/executions/:id',
      execution: id,
      user: 'admin',
      status: 200,
    })
    expect(written.join('')).not.toContain(secret)
    expect(written.join('')).not.toContain(api.tokens.admin)
    await api.engine.act(id, { type: 'terminate' }, by)
  })

  it('makes ids where callers give none, or nonsense', async () => {
    const plain = await api.app.inject({ url: '/healthz' })
    const nonsense = await api.app.inject({ url: '/healthz', headers: { 'x-request-id': 'a b\t"c' } })
    for (const { headers } of [plain, nonsense]) {
      expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
      expect(said('Request answered', { request: headers['x-request-id'] })).toHaveLength(1)
    }
  })

  it('tells why a request failed', async () => {
    const { query } = api.pool
    api.pool.query = () => Promise.reject(new Error('the disk is on fire'))
    const answer = await api.app.inject({
      url: '/api/v1/workflows',
      headers: { authorization: `Bearer ${api.tokens.admin}` },
    })
    api.pool.query = query
    expect(answer.statusCode).toBe(500)
    const [line] = said('A request failed', { request: answer.headers['x-request-id'] })
    expect(line).toMatchObject({ level: 'error', route: '/api/v1/workflows', err: { name: 'Error' } })
    expect(JSON.stringify(line)).toContain('the disk is on fire')
  })
})
