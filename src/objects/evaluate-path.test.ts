import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { AppError } from '../core/errors.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { evaluatePath } from './evaluate-path.ts'
import { allRows, type RowPermissions } from './permissions.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  await createDataCenter(db)
})
afterAll(() => database?.drop())

async function found(path: string, start: { from?: string; id?: string; permissions?: RowPermissions } = {}) {
  const result = await evaluatePath(db, { path, from: 'app', id: 'a1', permissions: allRows, ...start })
  return result.records.map((record) => record.id)
}

/** Everything but what is listed; listed collections by a filter, or not at all. */
const limited =
  (filters: Record<string, string | undefined>): RowPermissions =>
  (collection) => {
    if (!Object.hasOwn(filters, collection)) return 'all'
    const filter = filters[collection]
    return filter === undefined ? undefined : parseFilter(filter)
  }

describe('evaluatePath (rule 30)', () => {
  it('finds the target itself by the empty path', async () => {
    expect(await evaluatePath(db, { path: '', from: 'app', id: 'a1', permissions: allRows })).toEqual({
      collection: 'app',
      records: [{ id: 'a1', label: 'cart (prod)' }],
      toOne: true,
      truncated: false,
    })
  })

  it('walks relations of every kind, from both sides', async () => {
    expect(await found('host')).toEqual(['h1'])
    expect(await found('host.apps', { id: 'a2' })).toEqual(['a2', 'a3'])
    expect(await found('unit.balancer.balances')).toEqual(['u1'])
    expect(await found('tags', { id: 'a2' })).toEqual(['t1', 't2'])
    expect(await found('apps', { from: 'tag', id: 't2' })).toEqual(['a2', 'a4'])
    expect(await found('children.apps', { from: 'unit', id: 'u1' })).toEqual(['a4', 'a5'])
    expect(await found('parent.balancer', { from: 'unit', id: 'u2' })).toEqual(['lb'])
  })

  it('answers each record once, by label then id, however many ways lead to it', async () => {
    expect(await found('unit.apps')).toEqual(['a1', 'a2', 'a3'])
    expect(await found('unit.apps.host.apps.unit.apps.tags')).toEqual(['t1', 't2'])
    expect(await found('unit.apps.host')).toEqual(['h1', 'h2'])
  })

  it('runs the example of the design', async () => {
    expect(await found("unit.apps[status = 'running' and env in ('prod','uat')].host")).toEqual(['h1', 'h2'])
    expect(await found("unit.apps[status = 'running' and env in ('prod')].host")).toEqual(['h1'])
  })

  it('puts a filter on the target itself', async () => {
    expect(await found("[status = 'running'].host")).toEqual(['h1'])
    expect(await found("[status = 'stopped'].host")).toEqual([])
    expect(await found("[status = 'stopped']")).toEqual([])
  })

  it('follows nothing where there is no relation', async () => {
    expect(await found('host', { id: 'a5' })).toEqual([])
    expect(await found('host.apps.unit', { id: 'a5' })).toEqual([])
  })

  it('reads the field a path ends with', async () => {
    const result = await evaluatePath(db, {
      path: 'unit.apps.port',
      from: 'app',
      id: 'a1',
      permissions: allRows,
    })
    expect(result.values).toEqual([80, null, 8080])
    expect(result.collection).toBe('app')
  })

  it('says when there is more than the limit', async () => {
    const request = { path: 'unit.apps', from: 'app', id: 'a1', permissions: allRows }
    expect(await evaluatePath(db, { ...request, limit: 2 })).toMatchObject({ truncated: true })
    expect((await evaluatePath(db, { ...request, limit: 2 })).records).toHaveLength(2)
    expect(await evaluatePath(db, { ...request, limit: 3 })).toMatchObject({ truncated: false })
  })

  it('honours row permissions at every record on the way (rule 32)', async () => {
    expect(await found('unit.apps.host', { permissions: limited({ host: "name like 'web-2'" }) })).toEqual([
      'h2',
    ])
    expect(await found('unit.apps.host', { permissions: limited({ app: "id = 'a1'" }) })).toEqual(['h1'])
    expect(await found('unit.apps.host', { permissions: limited({ unit: undefined }) })).toEqual([])
    await expect(found('unit', { permissions: limited({ app: "env = 'uat'" }) })).rejects.toMatchObject({
      code: 'not-found',
    })
    // A permission in the middle cuts the way even where its end is free.
    expect(await found('unit.apps', { permissions: limited({ unit: "name = 'Empty'" }) })).toEqual([])
  })

  it('refuses rather than ignores a permission that does not fit', async () => {
    await expect(found('host', { permissions: limited({ host: 'color = 1' }) })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('says that the first record is missing', async () => {
    for (const id of ['nobody', '', "a1' or '1'='1", 'a1\0']) {
      await expect(found('host', { id })).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  it('points into a path that does not fit', async () => {
    const path = 'unit.apps[statos = 1].host'
    const error = await found(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AppError)
    const span = (error as AppError).details.span ?? [0, 0]
    expect(path.slice(...span)).toBe('statos')
    await expect(found('unit', { from: 'nothing' })).rejects.toMatchObject({ code: 'invalid-path' })
  })

  it('treats text in filters as values, never as SQL', async () => {
    for (const text of ["'; drop table data.app; --", "x' or '1'='1", '$1', '\\', "it''s", '%', '{a,"b"}']) {
      const literal = text.replaceAll("'", "''")
      expect(await found(`unit.apps[name = '${literal}']`)).toEqual([])
      expect(await found(`unit.apps[name in ('${literal}', 'search')]`)).toEqual(['a3'])
    }
    expect(await found('unit.apps')).toHaveLength(3)
  })
})
