// The whole application on a test database: real engine, real access, four kinds of callers, two workflows.
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Logger } from 'pino'
import { setGrant } from '../../src/access/grants.ts'
import { createRole } from '../../src/access/roles.ts'
import { createToken } from '../../src/access/sign-in/tokens.ts'
import { createUser } from '../../src/access/users.ts'
import { parseMasterKeys } from '../../src/access/vault/master-keys.ts'
import { createVault } from '../../src/access/vault/vault.ts'
import { createApp } from '../../src/api/create-app.ts'
import { checkDocuments } from '../../src/check-documents.ts'
import { type Client, createClient } from '../../src/client/client.ts'
import type { Log } from '../../src/runtime/core.ts'
import { loadNodeTypes } from '../../src/runtime/registry.ts'
import { type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import { createObjectServices } from '../../src/runtime/wiring/object-services.ts'
import type { Pool } from '../../src/store/db.ts'
import { createDataCenter } from './data-center.ts'
import { createProbe, emptyServices, loudLog, type Probe } from './engine.ts'
import { createTestDatabase } from './postgres.ts'

export const actors = ['anonymous', 'stranger', 'operator', 'designer', 'admin'] as const
export type Actor = (typeof actors)[number]
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  body: Record<string, unknown>
}

export interface TestApi {
  app: FastifyInstance
  pool: Pool
  engine: RunningEngine
  probe: Probe
  tokens: Readonly<Record<Actor, string>>
  /** The typed client, answered in process. */
  as(actor: Actor): Client
  /** A request as it is written, for what no client would send. */
  call(actor: Actor, line: `${Method} ${string}`, body?: unknown): Promise<Answer>
  close(): Promise<void>
}

/** Roles: `operator` also has `crew`, which may run what tests grant to it; `stranger` is an operator without grants. */
async function createUsers(pool: Pool): Promise<Record<Actor, string>> {
  await createRole(pool, { name: 'crew' })
  const roles = {
    stranger: ['operator'],
    operator: ['operator', 'crew'],
    designer: ['designer'],
    admin: ['admin'],
  }
  const tokens: Record<string, string> = { anonymous: '' }
  for (const [name, held] of Object.entries(roles)) {
    const { id } = await createUser(pool, { name, roles: held })
    tokens[name] = (await createToken(pool, { userId: id, name: 'test' })).secret
  }
  return tokens as Record<Actor, string>
}

const refuse = () => Promise.reject(new Error('nothing is outside of this test'))

async function openEngine(
  pool: Pool,
  probe: Probe,
  log: Log,
): Promise<{ engine: RunningEngine; types: Awaited<ReturnType<typeof loadNodeTypes>> }> {
  const types = await loadNodeTypes()
  types.set(probe.type.type, probe.type)
  const services = emptyServices(createObjectServices(pool, { connect: refuse, connection: refuse }))
  return { types, engine: await startEngine({ pool, types, services, log }) }
}

/** `live` as of `createApp`; heartbeats of a minute by default, so that none comes by chance. */
export async function openApi(live = { beatMs: 60_000, pollMs: 60_000 }, log?: Logger): Promise<TestApi> {
  const database = await createTestDatabase()
  const { pool } = database
  await createDataCenter(pool)
  const tokens = await createUsers(pool)
  const probe = createProbe()
  const { engine, types } = await openEngine(pool, probe, log ?? loudLog)
  const app = await createApp({
    db: pool,
    engine,
    vault: createVault(parseMasterKeys(randomBytes(32).toString('base64'), 'test')),
    checkDocument: checkDocuments(pool, types),
    help: new Map([['probe', '# Probe']]),
    consoleRoot: '/nowhere',
    version: '0',
    live,
    ...(log ? { log } : {}),
  })
  await app.ready()
  return {
    app,
    pool,
    engine,
    probe,
    tokens,
    as: (actor) => createClient({ baseUrl: '', token: tokens[actor], fetch: injected(app) }),
    async call(actor, line, body) {
      const [method, url] = line.split(' ', 2) as [Method, string]
      const authorization = tokens[actor] ? { authorization: `Bearer ${tokens[actor]}` } : {}
      const payload = body === undefined ? {} : { payload: body as object }
      return answerOf(await app.inject({ method, url, headers: { ...authorization }, ...payload }))
    },
    async close() {
      await app.close()
      await engine.stop()
      await database.drop()
    },
  }
}

export function answerOf({ statusCode, headers, body }: LightMyRequestResponse): Answer {
  const isJson = String(headers['content-type']).includes('json')
  return { status: statusCode, headers, text: body, body: isJson ? JSON.parse(body) : {} }
}

/** `fetch` without a network. */
function injected(app: FastifyInstance): typeof globalThis.fetch {
  return async (url, { method = 'GET', headers, body } = {}) => {
    const answer = await app.inject({
      method: method as Method,
      url: String(url),
      headers: headers as Record<string, string>,
      ...(body ? { payload: String(body) } : {}),
    })
    const type = String(answer.headers['content-type'])
    return new Response(answer.body, { status: answer.statusCode, headers: { 'content-type': type } })
  }
}

/** Lets `operator` do this with a workflow. */
export const grantCrew = (pool: Pool, workflow: string, grant: 'view' | 'run' | 'manage'): Promise<void> =>
  setGrant(pool, { role: 'crew', workflow, grant })
