import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { HttpAnswer, HttpOptions } from '../../sdk/node-type.ts'
import { acceptsConfig, contextOf, type Overrides } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

let server: Server
let base: string
const seen: Seen[] = []

const answers: Record<string, [status: number, type: string, body: string]> = {
  '/json': [200, 'application/json; charset=utf-8', '{"ok":true}'],
  '/problem': [200, 'application/problem+json', '{"title":"x"}'],
  '/text': [200, 'text/plain', 'hello'],
  '/lies': [200, 'application/json', '<html>'],
  '/empty': [204, 'application/json', ''],
  '/missing': [404, 'text/plain', 'x'.repeat(5000)],
  '/broken': [503, 'text/plain', 'later'],
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method, url, headers } = request
    seen.push({ method, url, headers, body })
    const [status, type, text] = answers[new URL(url ?? '/', 'http://x').pathname] ?? [200, 'text/plain', '']
    response.writeHead(status, { 'content-type': type, 'x-served-by': 'test' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** The door without its guard: the guard has tests of its own. */
async function http(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body } = options
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: body as string }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries(response.headers),
    body: bytes,
    text: () => new TextDecoder().decode(bytes),
  }
}

const connections: Record<string, JsonObject> = {
  plain: {},
  token: { token: 't0k' },
  basic: { user: 'ann', password: 'pä:ss' },
  headers: { headers: { 'X-Api-Key': 'k', 'Content-Type': 'text/csv' } },
}

async function connection(name: string): Promise<JsonObject> {
  const found = connections[name]
  if (!found) throw new AppError('not-found', `There is no connection ${name}`)
  return { baseUrl: `${base}/api`, ...found }
}

const run = (config: JsonObject, given: Overrides<never> = {}) =>
  Promise.resolve(
    nodeType.run(
      contextOf(nodeType, { url: `${base}/json`, ...config }, { http, connection, ...given } as object),
    ),
  )
const sent = async (config: JsonObject, given: Overrides<never> = {}) => {
  const outcome = await run(config, given)
  const last = seen.at(-1)
  if (outcome.type !== 'done' || !last) return expect.fail(JSON.stringify(outcome))
  return last
}

describe('what is sent', () => {
  it('is the method, the query and the headers of the config', async () => {
    const scope = { inputs: { q: 'a b&c', list: [1, 'x'], none: null } }
    const query = { q: '{{ inputs.q }}', list: '{{ inputs.list }}', none: '{{ inputs.none }}', yes: true }
    const last = await sent(
      { url: `${base}/json?a=1`, query, headers: { 'X-Reason': '{{ inputs.q }}' } },
      { scope },
    )
    expect(last).toMatchObject({ method: 'GET', url: '/json?a=1&q=a+b%26c&list=1&list=x&yes=true' })
    expect(last.headers['x-reason']).toBe('a b&c')
    expect(last.headers['idempotency-key']).toBeUndefined()
  })

  it.each([
    [{ json: { n: '{{ inputs.n }}' } }, '{"n":7}', 'application/json'],
    [{ text: 'n={{ inputs.n }}' }, 'n=7', 'text/plain; charset=utf-8'],
    [{ text: '<n/>', contentType: 'application/xml' }, '<n/>', 'application/xml'],
    [{ form: { n: '{{ inputs.n }}', t: 'a b' } }, 'n=7&t=a+b', 'application/x-www-form-urlencoded'],
  ])('is the body %j', async (body, text, type) => {
    const last = await sent({ method: 'POST', body }, { scope: { inputs: { n: 7 } } })
    expect(last).toMatchObject({ method: 'POST', body: text })
    expect(last.headers['content-type']).toBe(type)
    expect(last.headers['idempotency-key']).toBe('node#1')
  })

  it('has no body with GET', async () => {
    expect((await sent({ body: { json: 1 } })).body).toBe('')
  })

  it('carries the credentials of the connection', async () => {
    expect((await sent({ connection: 'token', url: '/x' })).headers.authorization).toBe('Bearer t0k')
    const pair = Buffer.from('ann:pä:ss').toString('base64')
    expect((await sent({ connection: 'basic', url: 'x' })).headers.authorization).toBe(`Basic ${pair}`)
    const last = await sent({ connection: 'headers', url: '/x?y=1', headers: { 'x-api-key': 'mine' } })
    expect(last.headers['x-api-key']).toBe('mine')
    expect(last.url).toBe('/api/x?y=1')
  })
})

describe('what comes back', () => {
  it.each([
    ['/json', {}, { ok: true }],
    ['/problem', {}, { title: 'x' }],
    ['/text', {}, 'hello'],
    ['/lies', {}, '<html>'],
    ['/empty', {}, null],
    ['/json', { parse: 'text' }, '{"ok":true}'],
  ])('%s %j is read', async (path, config, body) => {
    const outcome = await run({ url: base + path, ...config })
    expect(outcome).toMatchObject({ type: 'done', output: { body, headers: { 'x-served-by': 'test' } } })
  })

  it('must be JSON when it is asked for', async () => {
    expect(await run({ url: `${base}/text`, parse: 'json' })).toMatchObject({
      kind: 'failed',
      code: 'http-not-json',
    })
  })

  it('fails by its status, with an excerpt', async () => {
    const outcome = await run({ url: `${base}/missing` })
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'http-status',
      message: 'The service answered 404 Not Found',
    })
    expect(outcome).toMatchObject({ details: { status: 404, body: 'x'.repeat(2000) } })
    expect(await run({ url: `${base}/broken` })).toMatchObject({ kind: 'failed', details: { status: 503 } })
  })

  it('is fine with the statuses named', async () => {
    expect(await run({ url: `${base}/missing`, okStatuses: ['2xx', 404] })).toMatchObject({
      output: { status: 404 },
    })
    expect(await run({ url: `${base}/missing`, okStatuses: ['4XX'] })).toMatchObject({ type: 'done' })
    expect(await run({ url: `${base}/json`, okStatuses: [404] })).toMatchObject({ code: 'http-status' })
  })
})

describe('what cannot be sent', () => {
  it.each([
    ['a URL that is none', { url: 'not a url' }, 'bad-request'],
    ['a header name that is none', { headers: { 'a b': '1' } }, 'bad-request'],
    ['a header value with a line break', { headers: { a: '{{ inputs.lines }}' } }, 'bad-request'],
    ['a URL that leaves the connection', { connection: 'token', url: 'https://example.org/' }, 'bad-request'],
    ['a path that leaves the connection', { connection: 'token', url: '../admin' }, 'bad-request'],
    ['an unknown connection', { connection: 'nobody', url: '/' }, 'not-found'],
    ['a duration that is none', { timeout: '{{ inputs.lines }}' }, 'bad-request'],
  ])('%s', async (_what, config, code) => {
    const scope = { inputs: { lines: 'x\r\nHost: y' } }
    const before = seen.length
    expect(await run(config, { scope })).toMatchObject({ type: 'fail', kind: 'failed', code })
    expect(seen).toHaveLength(before)
  })

  it('stays on the host of the connection whatever the path says', async () => {
    expect((await sent({ connection: 'token', url: '//example.org/x' })).url).toBe('/api/example.org/x')
  })
})

describe('what goes wrong on the way', () => {
  const network = (code: string) =>
    Object.assign(new Error('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
  const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  it.each([
    [network('ECONNREFUSED'), 'error', 'http-network', 'refused the connection'],
    [network('ENOTFOUND'), 'error', 'http-network', 'not known'],
    [network('CERT_HAS_EXPIRED'), 'error', 'http-network', 'expired'],
    [new Error('something odd'), 'error', 'http-network', 'something odd'],
    [network('UND_ERR_HEADERS_TIMEOUT'), 'timed-out', 'http-timeout', 'in time'],
    [late, 'timed-out', 'http-timeout', 'in time'],
    [Object.assign(new Error('x'), { code: 'response-too-large' }), 'failed', 'response-too-large', 'larger'],
    [
      Object.assign(new Error('more than 5'), { code: 'too-many-redirects' }),
      'failed',
      'too-many-redirects',
      'more than 5',
    ],
    [new AppError('outbound-refused', 'loopback is refused'), 'error', 'outbound-refused', 'loopback'],
  ])('%s', async (error, kind, code, words) => {
    const refuse = async () => {
      throw error
    }
    const outcome = await run({ url: `${base}/json?token=secret` }, { http: refuse })
    expect(outcome).toMatchObject({ type: 'fail', kind, code })
    expect(JSON.stringify(outcome)).toContain(words)
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  it('where nothing listens', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as { port: number }
    await new Promise((resolve) => gone.close(resolve))
    expect(await run({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      kind: 'error',
      code: 'http-network',
    })
  })
})

describe('config', () => {
  it('is strict', () => {
    const accepts = (config: JsonObject) => acceptsConfig(nodeType as never, config)
    expect(accepts({ url: '{{ inputs.url }}' })).toBe(true)
    expect(accepts({})).toBe(false)
    expect(accepts({ url: 'x', method: 'FETCH' })).toBe(false)
    expect(accepts({ url: 'x', body: { json: 1, text: 'x' } })).toBe(false)
    expect(accepts({ url: 'x', okStatuses: ['2x'] })).toBe(false)
    expect(accepts({ url: 'x', verify: false })).toBe(false)
  })
})
