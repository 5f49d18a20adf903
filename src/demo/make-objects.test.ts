import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { revealConnection } from '../access/vault/connections.ts'
import { knownHostsFor } from '../access/vault/known-hosts.ts'
import { createVault } from '../access/vault/vault.ts'
import type { CollectionSchemas } from '../core/collections.ts'
import { checkPath } from '../core/path/check.ts'
import { parsePath } from '../core/path/parse.ts'
import { loadCollectionSchemas } from '../objects/collection-schemas.ts'
import { allRows } from '../objects/permissions.ts'
import { countRecords, getRecord } from '../objects/records.ts'
import { demoRecords } from './data/records.ts'
import { type DemoHosts, startDemoHosts } from './hosts/start-demo-hosts.ts'
import { readHosts, writeHosts } from './kept-state.ts'
import { makeObjects, pointToHosts } from './make-objects.ts'
import { readDemoWorkflows } from './read-workflows.ts'

const vault = createVault([{ id: Buffer.alloc(4, 1), bytes: Buffer.alloc(32, 2) }])
let database: TestDatabase
let hosts: DemoHosts
let schemas: CollectionSchemas

beforeAll(async () => {
  database = await createTestDatabase()
  hosts = await startDemoHosts({ pace: 0 })
  await makeObjects(database.pool)
  schemas = await loadCollectionSchemas(database.pool)
})
afterAll(async () => {
  await hosts.close()
  await database.drop()
})

const count = (collection: string) =>
  countRecords(database.pool, { collection, permissions: allRows, limit: 1 })
const host = (id: string) => getRecord(database.pool, { collection: 'host', id, permissions: allRows })

describe('the objects of the demo world', () => {
  it('are made once', async () => {
    await makeObjects(database.pool)
    const wanted = demoRecords.filter(({ collection }) => collection === 'app_instance').length
    expect(await count('app_instance')).toBe(wanted)
  })

  it('say where the hosts listen and how to sign in there', async () => {
    const keeper = { db: database.pool, vault }
    await pointToHosts(keeper, hosts)
    const first = hosts.hosts[0]
    expect(await host(first?.id ?? '')).toMatchObject({ address: '127.0.0.1', port: first?.port })
    expect((await revealConnection(database.pool, vault, 'demo-ssh')).settings).toEqual(hosts.credentials)
    expect((await revealConnection(database.pool, vault, 'demo-http')).settings.baseUrl).toBe(hosts.httpUrl)
  })

  it('forget the key of whoever had the port before', async () => {
    const [first] = hosts.hosts
    if (!first) throw new Error('no host')
    const known = knownHostsFor(database.pool, 'x')
    await known.remember('127.0.0.1', 9, 'SHA256:old')
    await pointToHosts({ db: database.pool, vault }, { ...hosts, hosts: [{ ...first, port: 9 }] })
    expect(await known.find('127.0.0.1', 9)).toBeUndefined()
  })

  it('keep the state of the hosts sealed', async () => {
    const keeper = { db: database.pool, vault }
    await writeHosts(keeper, hosts.state)
    expect(await readHosts(keeper)).toEqual(hosts.state)
    const [row] = await database.pool.query<{ value: string }>(
      `select value from fermata.settings where key = 'demo.hosts'`,
    )
    expect(row?.value).not.toContain(hosts.credentials.password)
  })

  it('have the relations that the workflows walk', () => {
    const paths = readDemoWorkflows().flatMap(({ key, target, nodes }) =>
      nodes.flatMap(({ id, bind }) =>
        bind?.path === undefined ? [] : [{ at: `${key}/${id}`, path: bind.path, from: target?.collection }],
      ),
    )
    expect(paths.length).toBeGreaterThan(10)
    for (const { at, path, from } of paths) {
      expect(checkPath(parsePath(path), from ?? '', schemas).problems, at).toEqual([])
    }
  })
})
