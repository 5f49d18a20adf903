// A small world of collections for tests: systems, units, app instances, hosts and tags, with every kind of relation.
import type { CollectionDefinition } from '../../src/core/collections.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { createCollections } from '../../src/objects/collections.ts'
import { allRows } from '../../src/objects/permissions.ts'
import { createRecords } from '../../src/objects/write-records.ts'
import type { Db } from '../../src/store/db.ts'

const name = { key: 'name', type: 'text', required: true } as const

export const dataCenter: CollectionDefinition[] = [
  {
    key: 'app',
    title: 'App instance',
    label: '{name} ({env})',
    fields: [
      name,
      { key: 'env', type: 'select', options: ['prod', 'uat', "it's"] },
      { key: 'status', type: 'select', options: ['running', 'stopped'] },
      { key: 'port', type: 'integer' },
      { key: 'load', type: 'number' },
      { key: 'critical', type: 'boolean' },
      { key: 'released', type: 'date' },
      { key: 'seen', type: 'datetime' },
      { key: 'extra', type: 'json' },
    ],
    relations: [
      { name: 'unit', kind: 'many-to-one', to: 'unit', inverse: 'apps', required: true },
      { name: 'host', kind: 'many-to-one', to: 'host', inverse: 'apps' },
      { name: 'tags', kind: 'many-to-many', to: 'tag', inverse: 'apps' },
    ],
  },
  {
    key: 'unit',
    title: { en: 'Unit', zh: '单元' },
    label: 'name',
    fields: [name],
    relations: [
      { name: 'parent', kind: 'many-to-one', to: 'unit', inverse: 'children', onDelete: 'clear' },
      { name: 'balancer', kind: 'many-to-one', to: 'host', inverse: 'balances' },
    ],
  },
  {
    key: 'host',
    title: 'Host',
    label: 'name',
    fields: [
      { ...name, unique: true },
      { key: 'address', type: 'text' },
      { key: 'cpu', type: 'integer' },
    ],
  },
  { key: 'tag', title: 'Tag', label: 'name', fields: [name] },
]

const records: Array<[collection: string, records: JsonObject[]]> = [
  [
    'host',
    [
      { id: 'h1', name: 'web-1', address: '10.0.0.1', cpu: 4 },
      { id: 'h2', name: 'web-2', address: '10.0.0.2', cpu: 8 },
      { id: 'h3', name: 'db-1', address: '10.0.0.3', cpu: 16 },
      { id: 'lb', name: 'balancer', address: '10.0.0.9' },
    ],
  ],
  [
    'unit',
    [
      { id: 'u1', name: 'Shop', balancer: 'lb' },
      { id: 'u2', name: 'Shop backend', parent: 'u1' },
      { id: 'u3', name: 'Empty', parent: 'u1' },
    ],
  ],
  [
    'tag',
    [
      { id: 't1', name: 'gold' },
      { id: 't2', name: 'silver' },
    ],
  ],
  [
    'app',
    [
      {
        id: 'a1',
        name: 'cart',
        env: 'prod',
        status: 'running',
        unit: 'u1',
        host: 'h1',
        tags: ['t1'],
        port: 80,
      },
      { id: 'a2', name: 'cart', env: 'uat', status: 'running', unit: 'u1', host: 'h2', tags: ['t1', 't2'] },
      { id: 'a3', name: 'search', env: 'prod', status: 'stopped', unit: 'u1', host: 'h2', port: 8080 },
      { id: 'a4', name: 'ledger', env: 'prod', status: 'running', unit: 'u2', host: 'h3', tags: ['t2'] },
      { id: 'a5', name: 'orphan', unit: 'u2' },
    ],
  ],
]

export async function createDataCenter(db: Db): Promise<void> {
  await createCollections(db, dataCenter)
  for (const [collection, each] of records) {
    await createRecords(db, { collection, records: each, permissions: allRows })
  }
}
