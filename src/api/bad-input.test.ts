// Every route, given what nobody would send: an answer below 500, a problem that can be read, a server that goes on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish } from '../../tests/helpers/engine.ts'
import { sampleOf } from '../../tests/helpers/sample-schema.ts'
import type { Json } from '../core/json.ts'
import { routes } from './contract/routes.ts'

let api: TestApi
let execution: string
const quiet = { name: 'by sweep', language: 'en', waitMs: 0, roles: [], permissions: [] }
const names = Object.getOwnPropertyNames(Object.prototype).sort().join()

beforeAll(async () => {
  api = await openApi()
  await publish(api.pool, chain('sweep', [{ id: 'a', type: 'delay', config: { for: '1h' } }]))
  execution = (await api.engine.start({ workflow: 'sweep', by: { name: 'admin' } })).id
})
afterAll(() => api.close())

const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])
const hostile: Json[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 60,
  '',
  ' ',
  'x'.repeat(100_000),
  "'; drop table fermata.executions; --",
  '{{ 1 / 0 }}',
  '../../etc/passwd',
  '\u202e\u{1f600}\ud83d\ude00',
  [],
  ['a', 1, null],
  nested(40),
  {},
  JSON.parse(
    `{"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":null,"then":"x","toJSON":1}`,
  ),
  { $ref: '#', type: 'object', properties: { a: null } },
]

/** The body once per place and hostile value. */
function* mutations(body: Json, values: readonly Json[] = hostile): Generator<Json> {
  yield* values
  if (typeof body !== 'object' || body === null) return
  for (const [key, member] of Object.entries(body)) {
    for (const inner of mutations(member, values)) {
      yield Array.isArray(body) ? body.with(Number(key), inner) : { ...body, [key]: inner }
    }
  }
  if (!Array.isArray(body)) yield { ...body, surplus: 1 }
}

async function send(method: string, url: string, payload?: string | Buffer, type = 'application/json') {
  const headers = {
    authorization: `Bearer ${api.tokens.admin}`,
    ...(payload === undefined ? {} : { 'content-type': type }),
  }
  const answer = await api.app.inject({
    method: method as 'POST',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
    payloadAsStream: true,
  })
  if (String(answer.headers['content-type']).includes('event-stream')) {
    answer.stream().destroy()
    return { status: answer.statusCode, body: {} as Record<string, unknown> }
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer.stream()) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  if (answer.statusCode >= 400) {
    expect(answer.headers['content-type'], url).toMatch('application/problem+json')
    expect(body, url).toMatchObject({
      status: answer.statusCode,
      code: expect.any(String),
      title: expect.any(String),
    })
  }
  return { status: answer.statusCode, body }
}

const pathOf = (path: string, fill: (name: string) => string) =>
  path.replace(/:([a-z]+)/gi, (_, name: string) => fill(name))
const usual = (name: string) => ({ id: execution, key: 'sweep', run: 'a', version: '1' })[name] ?? 'x'

const withBody = routes.filter(({ route }) => route.body)
/** Only against hanging: hundreds of requests, one after another. */
const many = { timeout: 240_000 }

describe('bodies', many, () => {
  it.each(withBody.map((entry) => [`${entry.resource}.${entry.name}`, entry.route] as const))(
    '%s',
    async (_, route) => {
      const known = { ...quiet, workflow: 'sweep', key: 'sweep_key', username: 'nobody', document: {} }
      const full = sampleOf(route.body as never, known, { full: true }) as Json
      const url = pathOf(route.path, usual)
      for (const body of mutations(full)) {
        const text = JSON.stringify(body)
        const { status } = await send(route.method, url, text)
        expect(status, `${route.method} ${url} ${text.slice(0, 300)}`).toBeLessThan(500)
      }
      expect(Object.getOwnPropertyNames(Object.prototype).sort().join()).toBe(names)
    },
  )
})

const documentPlaces: Json = {
  format: 'fermata/1',
  key: 'sweep-document',
  title: 'Sweep',
  kind: 'main',
  target: { collection: 'app', filter: "record.status == 'running'" },
  inputs: { type: 'object', properties: { a: { type: 'string' } } },
  settings: {
    onFailure: 'hold',
    timeout: '2h',
    concurrency: { limit: 1, key: '{{ target.id }}', over: 'run' },
    lock: 'none',
  },
  nodes: [
    { id: 'each', type: 'loop', config: { over: '{{ [1] }}' } },
    {
      id: 'a',
      type: 'set',
      parent: 'each',
      bind: { path: 'unit.apps[env = 1]', mode: 'start', concurrency: 1 },
      config: { values: { x: '{{ nodes.each.output }}' } },
      policy: { timeout: '1s', retry: { attempts: 1, delay: 1 }, onError: 'hold' },
    },
  ],
  edges: [{ from: 'each', to: 'a', port: 'out' }],
  layout: { a: [0, 0] },
}

describe('documents', many, () => {
  it('are refused with a pointer, or saved; and publishing what was saved never breaks the server', async () => {
    const url = '/api/v1/workflows/sweep-document'
    for (const document of mutations(documentPlaces)) {
      const { status, body } = await send('PUT', `${url}/draft`, JSON.stringify({ document }))
      expect(status, JSON.stringify(document).slice(0, 400)).toBeLessThan(500)
      if (status === 400) expect(body.pointer, JSON.stringify(body)).toEqual(expect.any(String))
      else expect((await send('POST', `${url}/publish`, '{}')).status).toBeLessThan(500)
    }
  })
})

const dangerous = hostile.filter((value) => typeof value !== 'string' || value.length < 3)

describe('configs', many, () => {
  it.each([
    'parallel',
    'switch',
    'choice',
    'loop',
    'manual',
    'set',
    'http-request',
    'ssh-command',
    'script',
    'sql',
    'record-query',
    'workflow',
    'delay',
    'end',
  ])('of %s', async (type) => {
    const schema = api.engine.nodeTypes.get(type)?.config
    const full = sampleOf(schema as never, {}, { full: true }) as Json
    for (const config of mutations(full, dangerous)) {
      const node = {
        id: 'a',
        type,
        config: typeof config === 'object' && !Array.isArray(config) ? (config ?? {}) : {},
      }
      const inside = { id: 'b', type: 'set', parent: 'a', branch: 'x', config: { values: {} } }
      const document = { ...(documentPlaces as object), nodes: [node, inside], edges: [], layout: {} }
      const { status } = await send(
        'PUT',
        '/api/v1/workflows/sweep-document/draft',
        JSON.stringify({ document }),
      )
      expect(status, JSON.stringify(node).slice(0, 400)).toBeLessThan(500)
    }
  })
})

describe('addresses', many, () => {
  const odd = [
    '%00',
    '%ff',
    '..%2f..%2f',
    '%252e',
    "'",
    'x'.repeat(1100),
    '9'.repeat(18),
    '-1',
    '{}',
    '🙂',
    '%F0%9F%99%82',
  ]

  it.each(routes.map((entry) => [`${entry.resource}.${entry.name}`, entry.route] as const))(
    '%s',
    async (_, route) => {
      const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : '{}'
      for (const part of route.path.includes(':') ? odd : []) {
        const { status } = await send(
          route.method,
          pathOf(route.path, () => part),
          body,
        )
        expect(status, `${route.path} ${part}`).toBeLessThan(500)
      }
      const fields = Object.keys((route.query as { properties?: object } | undefined)?.properties ?? {})
      for (const field of fields) {
        for (const value of odd) {
          const { status } = await send(
            route.method,
            `${pathOf(route.path, usual)}?${field}=${value}&${field}=2`,
            body,
          )
          expect(status, `${route.path}?${field}=${value}`).toBeLessThan(500)
        }
      }
    },
  )
})

describe('what is no JSON', () => {
  const line = ['POST', '/api/v1/executions'] as const
  it.each([
    ['half a body', '{"workflow":', 400, 'invalid-json'],
    ['too deep', `{"workflow":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'too-deep'],
    ['a prototype', '{"workflow":"sweep","__proto__":{"a":1}}', 400, 'bad-request'],
    ['U+0000', '{"workflow":"sweep","inputs":{"a":"\\u0000"}}', 400, 'bad-request'],
    ['half a character', '{"workflow":"sweep","inputs":{"a":"\\ud800"}}', 400, 'bad-request'],
    ['too large', JSON.stringify({ workflow: 'x'.repeat(1024 * 1024) }), 413, 'payload-too-large'],
  ])('%s', async (_, text, status, code) => {
    expect(await send(...line, text)).toMatchObject({ status, body: { code } })
  })

  it('bytes that are no UTF-8, other types, compressed bodies', async () => {
    expect(await send(...line, Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toMatchObject({
      body: { code: 'invalid-json' },
    })
    expect(await send(...line, 'a=b', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 })
    expect(await send(...line, '<a/>', 'text/xml')).toMatchObject({ status: 415 })
  })

  it('keeps what is unusual but allowed as it is', async () => {
    const inputs = { constructor: 1, '': '\u202e', 'a.b$': ['😀'], toString: null }
    const { body } = await send(...line, JSON.stringify({ workflow: 'sweep', inputs }))
    const read = await send('GET', `/api/v1/executions/${body.id}`)
    expect(read.body.inputs).toEqual(inputs)
  })
})
