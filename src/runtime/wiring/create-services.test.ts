import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../../tests/helpers/data-center.ts'
import { chain, headOf, loudLog, publish, runsOf } from '../../../tests/helpers/engine.ts'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import { createRole } from '../../access/roles.ts'
import { setRowPermission } from '../../access/row-permissions.ts'
import { createUser, findUserByName, setDisabled } from '../../access/users.ts'
import { putConnection } from '../../access/vault/connections.ts'
import { createVault } from '../../access/vault/vault.ts'
import type { NodeDocument } from '../../core/document.ts'
import type { JsonObject } from '../../core/json.ts'
import { allRows } from '../../objects/permissions.ts'
import { getRecord } from '../../objects/records.ts'
import { loadNodeTypes } from '../registry.ts'
import { type RunningEngine, startEngine } from '../start-engine.ts'
import { createServices, type WiredServices } from './create-services.ts'

const vault = createVault([{ id: Buffer.alloc(4, 1), bytes: Buffer.alloc(32, 2) }])
let database: TestDatabase
let wired: WiredServices
let engine: RunningEngine
let server: Server
let port: number

beforeAll(async () => {
  database = await createTestDatabase()
  await createDataCenter(database.pool)
  wired = createServices({ pool: database.pool, vault, outboundAllow: [] })
  const { services } = wired
  engine = await startEngine({ pool: database.pool, types: await loadNodeTypes(), services, log: loudLog })
  server = createServer((request, response) => response.end(request.url))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  await createUser(database.pool, { name: 'root', roles: ['admin'] })
  await createRole(database.pool, { name: 'uat-only' })
  await setRowPermission(database.pool, {
    role: 'uat-only',
    collection: 'app',
    rule: { filter: "env = 'uat'" },
  })
  await createUser(database.pool, { name: 'wang', roles: ['uat-only'] })
})

afterAll(async () => {
  await engine.stop()
  await wired.close()
  server.close()
  await database.drop()
})

interface Run {
  by?: string
  target?: { collection: string; id: string }
  nodes: NodeDocument[]
}

let count = 0
/** Publishes the nodes as a chain, runs it, and answers what each run gave. */
async function run({ by = 'root', target, nodes }: Run) {
  const key = `w${count++}`
  const document = chain(key, nodes)
  if (target) document.target = { collection: target.collection }
  document.settings = { onFailure: 'fail' }
  await publish(database.pool, document)
  const { id } = await engine.start({ workflow: key, by: { name: by }, ...(target ? { target } : {}) })
  await engine.waitForEnd(id, 20_000)
  const runs = await runsOf(database.pool, id)
  const { status, error } = await headOf(database.pool, id)
  return { id, status, error, outputs: Object.fromEntries(runs.map(({ run, output }) => [run, output])) }
}

const node = (id: string, type: string, config: JsonObject, more: Partial<NodeDocument> = {}) =>
  ({ id, type, config, ...more }) as NodeDocument
const unit = { collection: 'unit', id: 'u1' }
const app = { collection: 'app', id: 'a1' }

describe('bindings', () => {
  it('lead to many records, to one and to the target itself', async () => {
    const values = { name: '{{ record.name }}' }
    const { status, outputs } = await run({
      target: unit,
      nodes: [
        node('all', 'set', { values }, { bind: { path: "apps[env = 'prod'].host" } }),
        node('one', 'set', { values }, { bind: { path: 'balancer' } }),
        node('self', 'set', { values }, { bind: { path: '' } }),
        node('seen', 'set', {
          values: { all: '{{ nodes.all.output.map(r, r.output.name) }}', one: '{{ nodes.one.output.name }}' },
        }),
      ],
    })
    expect(status).toBe('completed')
    expect(outputs).toMatchObject({
      'all[h1]': { name: 'web-1' },
      'all[h2]': { name: 'web-2' },
      'one[lb]': { name: 'balancer' },
      'self[u1]': { name: 'Shop' },
      seen: { all: ['web-1', 'web-2'], one: 'balancer' },
    })
  })

  it('are refused without a target, and when the path is wrong', async () => {
    const bound = (path: string) => node('n', 'set', { values: {} }, { bind: { path, mode: 'run' } })
    expect(await run({ nodes: [bound('host')] })).toMatchObject({ error: { code: 'invalid-binding' } })
    const wrong = await run({ target: unit, nodes: [bound('nothing')] })
    expect(wrong).toMatchObject({ status: 'failed', error: { code: 'invalid-path' } })
    const field = await run({ target: unit, nodes: [bound('balancer.name')] })
    expect(field).toMatchObject({ status: 'failed', error: { code: 'invalid-binding' } })
  })
})

describe('records, statements and scripts', () => {
  it('work end to end, and the change names the executions it came from', async () => {
    const { id, status, outputs } = await run({
      nodes: [
        node('make', 'record-create', { collection: 'host', values: { name: 'new-1', cpu: 2 } }),
        node('change', 'record-update', {
          collection: 'host',
          id: '{{ nodes.make.output.id }}',
          values: { cpu: '{{ nodes.make.output.cpu * 2 }}' },
        }),
        node('find', 'record-query', { collection: 'host', where: 'cpu >= 4', sort: '-cpu' }),
        node('count', 'sql', { sql: 'select count(*)::int as n from host where cpu >= {{ 4 }}' }),
        node('add', 'script', {
          code: 'return hosts.map((h) => h.name).join() + n',
          args: { hosts: '{{ nodes.find.output }}', n: '{{ nodes.count.output.rows[0].n }}' },
        }),
        node('remove', 'record-delete', { collection: 'host', id: '{{ nodes.make.output.id }}' }),
      ],
    })
    expect(status).toBe('completed')
    expect(outputs.add).toBe('db-1,web-2,new-1,web-14')
    const made = (outputs.make as JsonObject).id as string
    const changes = await database.pool.query<{ op: string; ancestry: string }>(
      'select op, ancestry from fermata.data_changes where record_id = $1 order by id',
      [made],
    )
    expect(changes.map(({ op }) => op)).toEqual(['insert', 'update', 'delete'])
    const line = [{ execution: id, workflow: expect.any(String) }]
    for (const { ancestry } of changes) expect(JSON.parse(ancestry)).toEqual(line)
  })

  it('of a sub-workflow name the parent first', async () => {
    const key = 'adds-host'
    const make = node('make', 'record-create', { collection: 'host', values: { name: 'new-2' } })
    await publish(database.pool, { ...chain(key, [make]), kind: 'sub' })
    const { id, status } = await run({ nodes: [node('call', 'workflow', { workflow: key })] })
    expect(status).toBe('completed')
    const [change] = await database.pool.query<{ ancestry: string }>(
      'select ancestry from fermata.data_changes order by id desc limit 1',
    )
    expect(JSON.parse(change?.ancestry ?? '[]')).toMatchObject([{ execution: id }, { workflow: key }])
  })

  it('on another database need a connection that exists', async () => {
    const statement = { sql: 'select 1 as one', connection: 'elsewhere' }
    const missing = await run({ nodes: [node('n', 'sql', statement)] })
    expect(missing.error).toMatchObject({ code: 'not-found', message: expect.stringContaining('elsewhere') })
    await putConnection(database.pool, vault, {
      name: 'elsewhere',
      type: 'postgres',
      settings: { host: '127.0.0.1', port: 1, database: 'd', user: 'u' },
      by: 'root',
    })
    const refused = await run({ nodes: [node('n', 'sql', statement)] })
    expect(refused.error).toMatchObject({ code: 'outbound-refused' })
  })
})

describe('row permissions', () => {
  const read = node('apps', 'record-query', { collection: 'app', sort: 'name' })
  const ids = (output: unknown) => (output as JsonObject[]).map(({ id }) => id)

  it('of the person who started hold for targets, bindings and records', async () => {
    await expect(run({ by: 'wang', target: app, nodes: [] })).rejects.toMatchObject({ code: 'not-found' })
    const bound = node('bound', 'set', { values: {} }, { bind: { path: 'apps' } })
    const { outputs } = await run({ by: 'wang', target: unit, nodes: [bound, read] })
    expect(Object.keys(outputs).sort()).toEqual(['apps', 'bound', 'bound[a2]'])
    expect(ids(outputs.apps)).toEqual(['a2'])
    const change = node('n', 'record-update', { collection: 'app', id: 'a1', values: { port: 1 } })
    expect(await run({ by: 'wang', nodes: [change] })).toMatchObject({ status: 'failed' })
    const record = await getRecord(database.pool, { ...app, permissions: allRows })
    expect(record?.port).toBe(80)
  })

  it('do not bind the system, and leave nothing to those who are gone', async () => {
    expect(ids((await run({ by: 'system', nodes: [read] })).outputs.apps)).toHaveLength(5)
    await createUser(database.pool, { name: 'left', roles: ['admin'] })
    await setDisabled(database.pool, (await findUserByName(database.pool, 'left'))?.id ?? '', true)
    for (const by of ['left', 'nobody']) {
      expect((await run({ by, nodes: [read] })).outputs.apps).toEqual([])
    }
  })
})

describe('the way out', () => {
  it('opens for an address that is allowed at run time', async () => {
    const request = node('n', 'http-request', { method: 'GET', url: `http://127.0.0.1:${port}/well` })
    expect((await run({ nodes: [request] })).error).toMatchObject({ code: 'outbound-refused' })
    wired.allowOutbound([`127.0.0.1:${port}`])
    const { status, outputs } = await run({ nodes: [request] })
    expect(status).toBe('completed')
    expect(outputs.n).toMatchObject({ status: 200, body: '/well' })
  })
})
