import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { associationGraph } from './association-graph.ts'
import { allRows, type RowPermissions } from './permissions.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  await createDataCenter(db)
})
afterAll(() => database?.drop())

async function graphOf(
  paths: Record<string, string>,
  more: { permissions?: RowPermissions; limit?: number } = {},
) {
  const graph = await associationGraph(db, {
    target: { collection: 'app', id: 'a1' },
    paths: Object.entries(paths).map(([node, path]) => ({ node, path })),
    permissions: allRows,
    ...more,
  })
  return {
    ...graph,
    keys: graph.nodes.map((node) => node.key),
    bound: Object.fromEntries(
      graph.nodes.flatMap((node) => (node.boundBy.length ? [[node.key, node.boundBy]] : [])),
    ),
    edges: graph.edges.map((edge) => `${edge.from} ${edge.relation} ${edge.to}`),
  }
}

describe('associationGraph', () => {
  it('is the target alone without paths', async () => {
    expect(await graphOf({})).toMatchObject({
      nodes: [{ key: 'app:a1', collection: 'app', id: 'a1', label: 'cart (prod)', boundBy: [] }],
      edges: [],
      truncated: false,
    })
  })

  it('joins all paths, intermediate records included', async () => {
    const graph = await graphOf({
      drain: 'unit.balancer',
      restart: 'host',
      others: 'unit.apps.host',
      self: '',
    })
    expect(graph.keys[0]).toBe('app:a1')
    expect(graph.keys.toSorted()).toEqual(
      ['app:a1', 'app:a2', 'app:a3', 'host:h1', 'host:h2', 'host:lb', 'unit:u1'].toSorted(),
    )
    expect(graph.bound).toEqual({
      'app:a1': ['self'],
      'host:h1': ['restart', 'others'],
      'host:h2': ['others'],
      'host:lb': ['drain'],
    })
    expect(graph.edges.toSorted()).toEqual(
      [
        'app:a1 unit unit:u1',
        'unit:u1 balancer host:lb',
        'unit:u1 apps app:a2',
        'unit:u1 apps app:a3',
        'app:a1 host host:h1',
        'app:a2 host host:h2',
        'app:a3 host host:h2',
      ].toSorted(),
    )
  })

  it('draws a connection once, also when it is walked back', async () => {
    const graph = await graphOf({ a: 'tags.apps.tags' })
    expect(graph.edges.toSorted()).toEqual(
      ['app:a1 tags tag:t1', 'tag:t1 apps app:a2', 'app:a2 tags tag:t2'].toSorted(),
    )
  })

  it('keeps what filters leave, on the way and on the target', async () => {
    const graph = await graphOf({
      a: "unit.apps[status = 'stopped'].host",
      b: "[env = 'uat'].host",
      c: "[env = 'prod'].host",
    })
    expect(graph.bound).toEqual({ 'host:h2': ['a'], 'host:h1': ['c'] })
    expect(graph.keys).not.toContain('app:a2')
  })

  it('asks the database once per different beginning of a path', async () => {
    const statements: string[] = []
    const counting: Db = {
      ...db,
      query: (text, values, name) => {
        statements.push(text)
        return db.query(text, values, name)
      },
    }
    const paths = ['unit', 'unit.apps', 'unit.apps.host', 'unit.apps.tags'].map((path, at) => ({
      node: `n${at}`,
      path,
    }))
    await associationGraph(counting, { target: { collection: 'app', id: 'a1' }, paths, permissions: allRows })
    expect(statements.filter((text) => text.includes(' p join ') || text.includes(' join '))).toHaveLength(4)
  })

  it('shows nothing that may not be seen, nor what lies behind it (rule 32)', async () => {
    const permissions: RowPermissions = (collection) =>
      collection === 'app' ? parseFilter("id in ('a1', 'a3')") : collection === 'tag' ? 'none' : 'all'
    const graph = await graphOf({ a: 'unit.apps.host', b: 'tags.apps' }, { permissions })
    expect(graph.keys.toSorted()).toEqual(['app:a1', 'app:a3', 'host:h1', 'host:h2', 'unit:u1'])
    await expect(graphOf({}, { permissions: () => 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says when there is more than it draws', async () => {
    const graph = await graphOf({ a: 'unit.apps' }, { limit: 2 })
    expect(graph.truncated).toBe(true)
    expect(graph.nodes).toHaveLength(3)
  })

  it('refuses a path that does not fit', async () => {
    await expect(graphOf({ a: 'nowhere' })).rejects.toMatchObject({ code: 'invalid-path' })
  })
})
