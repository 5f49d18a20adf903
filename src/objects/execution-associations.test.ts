import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { NodeDocument } from '../core/document.ts'
import { parseFilter } from '../core/path/parse.ts'
import { executionAssociations, type KeptBinding } from './execution-associations.ts'
import { allRows, type RowPermissions } from './permissions.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await createDataCenter(database.pool)
})
afterAll(() => database?.drop())

const nodes: NodeDocument[] = [
  { id: 'drain', type: 'set', bind: { path: 'unit.balancer' } },
  { id: 'restart', type: 'set', bind: { path: 'unit.apps.host' } },
  { id: 'look', type: 'set', bind: { mode: 'same-as', node: 'restart' } },
  { id: 'broken', type: 'set', bind: { path: 'nowhere' } },
]
const kept = (node: string, collection: string, records: string[]): KeptBinding => ({
  node,
  collection,
  records,
  labels: records.map((id) => `then ${id}`),
})

async function graphOf(
  bindings: KeptBinding[],
  more: { target?: { collection: string; id: string } | undefined; permissions?: RowPermissions } = {},
) {
  const graph = await executionAssociations(database.pool, {
    document: { nodes },
    target: { collection: 'app', id: 'a1' },
    bindings,
    permissions: allRows,
    ...more,
  })
  const bound = graph.nodes.flatMap(({ key, boundBy }) => (boundBy.length > 0 ? [[key, boundBy]] : []))
  return { ...graph, keys: graph.nodes.map(({ key }) => key).toSorted(), bound: Object.fromEntries(bound) }
}

describe('executionAssociations', () => {
  it('shows what the paths reach, bound as it was chosen and not as the paths find it', async () => {
    const graph = await graphOf([kept('drain', 'host', ['lb']), kept('restart', 'host', ['h1'])])
    expect(graph.root).toBe('app:a1')
    expect(graph.keys).toEqual(['app:a1', 'app:a2', 'app:a3', 'host:h1', 'host:h2', 'host:lb', 'unit:u1'])
    expect(graph.bound).toEqual({ 'host:lb': ['drain'], 'host:h1': ['restart', 'look'] })
    expect(graph.collections).toContainEqual({ key: 'unit', title: { en: 'Unit', zh: '单元' } })
  })

  it('keeps bound records that no path leads to any more, by the label of then', async () => {
    const graph = await graphOf([kept('restart', 'host', ['h3', 'deleted'])])
    const labels = graph.nodes.filter(({ boundBy }) => boundBy.length > 0).map(({ label }) => label)
    expect(labels).toEqual(['then h3', 'then deleted'])
  })

  it('shows nothing that may not be seen (rule 32)', async () => {
    const permissions: RowPermissions = (collection) =>
      collection === 'host' ? parseFilter("id = 'h2'") : 'all'
    const graph = await graphOf([kept('restart', 'host', ['h1', 'h2', 'h3', 'deleted'])], { permissions })
    expect(graph.keys).toEqual(['app:a1', 'app:a2', 'app:a3', 'host:h2', 'unit:u1'])
    expect(graph.bound).toEqual({ 'host:h2': ['restart', 'look'] })
  })

  it('does without a target, and without one that is gone or hidden', async () => {
    const bindings = [kept('restart', 'host', ['h1'])]
    for (const more of [
      { target: undefined },
      { target: { collection: 'app', id: 'gone' } },
      { target: { collection: 'no_such', id: 'a1' } },
      { permissions: ((collection) => (collection === 'app' ? 'none' : 'all')) as RowPermissions },
    ]) {
      const graph = await graphOf(bindings, more)
      expect(graph.keys).toEqual(['host:h1'])
      expect(graph).not.toHaveProperty('root')
    }
  })
})
