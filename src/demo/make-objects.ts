// Collections, records and connections of the demo world. Everything here may be run again: what is there stays.
import { putConnection } from '../access/vault/connections.ts'
import { forgetHost } from '../access/vault/known-hosts.ts'
import { loadCollectionSchemas } from '../objects/collection-schemas.ts'
import { createCollections } from '../objects/collections.ts'
import { allRows } from '../objects/permissions.ts'
import { getRecords } from '../objects/records.ts'
import { createRecords, updateRecord } from '../objects/write-records.ts'
import type { Db } from '../store/db.ts'
import { demoCollections } from './data/collections.ts'
import { demoRecords } from './data/records.ts'
import type { DemoHosts } from './hosts/start-demo-hosts.ts'
import type { Keeper } from './kept-state.ts'

export const demoConnections = ['demo-ssh', 'demo-http']

const all = { permissions: allRows }

export async function makeObjects(db: Db): Promise<void> {
  const schemas = await loadCollectionSchemas(db)
  const missing = demoCollections.filter(({ key }) => !Object.hasOwn(schemas, key))
  if (missing.length > 0) await createCollections(db, missing)
  for (const { key: collection } of demoCollections) {
    const records = demoRecords.filter((record) => record.collection === collection)
    const found = await getRecords(db, { collection, ids: records.map(({ id }) => id), ...all })
    const there = new Set(found.map(({ id }) => id))
    const fresh = records.filter(({ id }) => !there.has(id)).map(({ id, values }) => ({ id, ...values }))
    if (fresh.length > 0) await createRecords(db, { collection, records: fresh, ...all })
  }
}

/** Where the simulated hosts listen since this start, and how to sign in there. */
export async function pointToHosts(keeper: Keeper, hosts: DemoHosts): Promise<void> {
  const { db, vault } = keeper
  const { user, password } = hosts.credentials
  const by = 'system'
  await putConnection(db, vault, {
    name: 'demo-ssh',
    type: 'ssh',
    settings: { user },
    secrets: { password },
    by,
  })
  await putConnection(db, vault, {
    name: 'demo-http',
    type: 'http',
    settings: { baseUrl: hosts.httpUrl },
    by,
  })
  const ids = hosts.hosts.map(({ id }) => id)
  const records = await getRecords(db, { collection: 'host', ids, ...all })
  for (const { id, address, port } of hosts.hosts) {
    const record = records.find((one) => one.id === id)
    if (!record || (record.port === port && record.address === address)) continue
    // Another simulated host may have had this port, with another key.
    await forgetHost(db, address, port).catch(() => undefined)
    await updateRecord(db, { collection: 'host', id, values: { address, port }, ...all })
  }
}
