import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish } from '../../tests/helpers/engine.ts'
import { buildApp } from './app.ts'
import { routes } from './contract/routes.ts'
import { type BoundRoute, handle } from './handler.ts'
import { healthRoutes } from './routes/health.ts'
import { sessionRoutes } from './routes/session.ts'
import { createSharedReads } from './shared-reads.ts'

let api: TestApi
let consoleRoot: string
let withConsole: FastifyInstance
const nobody = { bySession: async () => undefined, byToken: async () => undefined }
const bound: BoundRoute[] = routes.map(({ route }) => handle(route, () => ({}) as never))
const build = (handlers: readonly BoundRoute[]) =>
  buildApp({
    reads: createSharedReads(api.pool),
    authenticator: nobody,
    bound: handlers,
    consoleRoot,
    version: '1',
  })

beforeAll(async () => {
  api = await openApi()
  await publish(api.pool, chain('w', []))
  consoleRoot = await mkdtemp(join(tmpdir(), 'fermata-console-'))
  await mkdir(join(consoleRoot, 'assets'))
  await writeFile(join(consoleRoot, 'index.html'), '<!doctype html><title>Console</title>')
  await writeFile(join(consoleRoot, 'assets', 'app-1.js'), 'start()')
  await writeFile(join(consoleRoot, 'assets', 'app-1.js.gz'), gzipSync('start()'))
  const real = sessionRoutes({ db: api.pool })
  const others = bound.filter(({ route }) => !real.some((own) => own.route === route))
  withConsole = await build([...real, ...others])
})
afterAll(async () => {
  await withConsole.close()
  await api.close()
  await rm(consoleRoot, { recursive: true, force: true })
})

describe('boot', () => {
  it('stops at a route without a permission', async () => {
    const app = await build(bound)
    app.get('/api/v1/forgotten', () => 'open to all')
    await expect(app.ready()).rejects.toThrow('GET /api/v1/forgotten')
    await app.close()
  })

  it('stops at a route of the contract without a handler', async () => {
    await expect(build(bound.slice(1))).rejects.toThrow('session.signIn')
  })
})

describe('headers', () => {
  it.each([
    '/',
    '/assets/app-1.js',
    '/api/v1/workflows',
    '/healthz',
    '/api/docs/',
    '/nothing.txt',
    '/api/openapi.json',
  ])('of %s let no script in', async (url) => {
    const { headers } = await withConsole.inject({ url })
    const csp = String(headers['content-security-policy'])
    expect(csp).toMatch(/script-src 'self'(;|$)/)
    expect(csp).toContain("default-src 'self'")
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).not.toContain('unsafe-eval')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('server')
  })

  it('keep answers out of caches', async () => {
    const { headers } = await api.app.inject({ url: '/api/v1/workflows' })
    expect(headers['cache-control']).toBe('no-store')
  })
})

describe('the console', () => {
  it.each(['/', '/executions/12', '/workflows/restart-service/edit', '/sign-in'])(
    'is drawn at %s',
    async (url) => {
      const answer = await withConsole.inject({ url, headers: { accept: 'text/html' } })
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers['cache-control']).toBe('no-cache')
    },
  )

  it('keeps its files for good, by name', async () => {
    const { headers, body } = await withConsole.inject({ url: '/assets/app-1.js' })
    expect(body).toBe('start()')
    expect(headers['cache-control']).toContain('immutable')
  })

  it('sends them compressed to who accepts that', async () => {
    const asked = { url: '/assets/app-1.js', headers: { 'accept-encoding': 'gzip, deflate' } }
    const { headers, rawPayload } = await withConsole.inject(asked)
    expect([headers['content-encoding'], gunzipSync(rawPayload).toString()]).toEqual(['gzip', 'start()'])
    expect(headers['content-type']).toMatch('javascript')
    expect(headers['cache-control']).toContain('immutable')
    expect(headers.vary).toBe('accept-encoding')
  })

  it.each([
    '/api/v1/nothing',
    '/api',
    '/hooks/x',
    '/assets/gone.js',
    '/favicon.ico',
    '/assets/..%2f..%2fpackage.json',
    '/..%2fpackage.json',
  ])('is not drawn at %s', async (url) => {
    const answer = await withConsole.inject({ url })
    expect(answer.headers['content-type']).toMatch('application/problem+json')
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
  })
})

describe('path tricks', () => {
  const plain = '/api/v1/workflows/w'
  it.each([
    '//api/v1/workflows/w',
    '/api//v1/workflows/w',
    '/api/v1/workflows/w/',
    '/api/v1/./workflows/w',
    '/api/v1/x/../workflows/w',
    '/API/v1/workflows/w',
    '/api/v1/workflows/w;x=1',
    '/api/v1/workflows/%77',
    '/api/v1%2fworkflows/w',
    '/api/v1/workflows/w/healthz',
    '/healthz/../api/v1/workflows/w',
    '/api/docs/../v1/workflows/w',
  ])('%s opens nothing', async (url) => {
    expect((await api.app.inject({ url: plain })).statusCode).toBe(401)
    expect([400, 401, 404]).toContain((await api.app.inject({ url })).statusCode)
    const headers = {
      'x-original-url': '/healthz',
      'x-rewrite-url': '/healthz',
      'x-http-method-override': 'GET',
    }
    expect([400, 401, 404]).toContain((await api.app.inject({ url, headers })).statusCode)
  })
})

describe('descriptions', () => {
  it('name every route with its permission, answers and problems', async () => {
    const { paths, components } = (await api.app.inject({ url: '/api/openapi.json' })).json()
    for (const { route } of routes) {
      const path = route.path.replace(/:([a-z]+)/gi, '{$1}')
      const operation = paths[path]?.[route.method.toLowerCase()]
      expect(operation, path).toMatchObject({ summary: route.summary, tags: [expect.any(String)] })
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining([String(route.status ?? 200), '4XX']),
      )
      expect(operation.security).toEqual(
        route.permission === 'public' ? [] : [{ token: [] }, { session: [] }],
      )
    }
    expect(Object.keys(components.securitySchemes)).toEqual(['token', 'session'])
  })

  it('can be read on a page', async () => {
    const answer = await api.app.inject({ url: '/api/docs/' })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ])
    expect(answer.body).not.toMatch(/<script>(?!\s*<)/)
  })
})

describe('health', () => {
  it('is told to anyone', async () => {
    expect((await api.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
    expect((await api.app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ok' })
  })

  it('is not ready without its database', async () => {
    const db = { ...api.pool, query: () => Promise.reject(new Error('connection refused')) }
    const others = bound.filter(({ route }) => !route.path.endsWith('z') && route.path !== '/metrics')
    const app = await buildApp({
      reads: createSharedReads(db),
      authenticator: nobody,
      bound: [...others, ...healthRoutes({ db, engine: api.engine })],
      consoleRoot,
      version: '1',
    })
    const answer = await app.inject({ url: '/readyz' })
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'unavailable'])
    expect(answer.headers['retry-after']).toBe('5')
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200)
    await app.close()
  })

  it('keeps what went wrong inside to itself', async () => {
    const broken = bound.map(({ route }) =>
      handle(route, () => {
        throw new Error('secret of the database')
      }),
    )
    const app = await build(broken)
    const answer = await app.inject({ url: '/healthz' })
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal'])
    expect(answer.body).not.toContain('secret')
    await app.close()
  })
})
