import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { evaluatePath } from './evaluate-path.ts'
import { allRows, type RowPermissions } from './permissions.ts'
import { countRecords, getRecord, getRecords, listRecords, type RecordQuery } from './records.ts'
import { listTargets, relatedRecords } from './targets.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  await createDataCenter(db)
})
afterAll(() => database?.drop())

const onlyProd: RowPermissions = (collection) => (collection === 'app' ? parseFilter("env = 'prod'") : 'all')

async function ids(query: Partial<RecordQuery>): Promise<string[]> {
  const { records } = await listRecords(db, { collection: 'app', permissions: allRows, ...query })
  return records.map((record) => record.id)
}

describe('listRecords', () => {
  it('orders by label, then id', async () => {
    expect(await ids({})).toEqual(['a1', 'a2', 'a4', 'a5', 'a3'])
  })

  it('sorts by fields in both directions, what is empty last', async () => {
    expect(await ids({ sort: '-port' })).toEqual(['a3', 'a1', 'a2', 'a4', 'a5'])
    expect(await ids({ sort: 'port,-id' })).toEqual(['a1', 'a3', 'a5', 'a4', 'a2'])
    expect(await ids({ sort: 'host, -name' })).toEqual(['a1', 'a3', 'a2', 'a4', 'a5'])
    for (const sort of ['colour', 'extra', 'tags', 'id; drop table data.app', '"id"']) {
      await expect(ids({ sort })).rejects.toMatchObject({
        code: 'bad-request',
        details: { pointer: '/sort' },
      })
    }
  })

  it('pages by limit and offset', async () => {
    const page = await listRecords(db, { collection: 'app', permissions: allRows, limit: 2 })
    expect(page).toMatchObject({ more: true, records: [{ id: 'a1' }, { id: 'a2' }] })
    expect(await ids({ limit: 2, offset: 4 })).toEqual(['a3'])
    expect(await listRecords(db, { collection: 'app', permissions: allRows, limit: 5 })).toMatchObject({
      more: false,
    })
    for (const limit of [-1, 1.5, Number.NaN, 10_001]) {
      await expect(ids({ limit })).rejects.toMatchObject({ code: 'bad-request' })
    }
  })

  it('filters as paths do', async () => {
    expect(await ids({ where: "status = 'running' and env in ('prod')" })).toEqual(['a1', 'a4'])
    expect(await ids({ where: "host = 'h2' or host is null" })).toEqual(['a2', 'a5', 'a3'])
    expect(await ids({ where: "label like 'cart%'" })).toEqual(['a1', 'a2'])
    await expect(ids({ where: 'colour = 1' })).rejects.toMatchObject({ code: 'invalid-path' })
    await expect(ids({ where: "1=1) or (name = 'x'" })).rejects.toMatchObject({ code: 'invalid-path' })
  })

  const ways = [
    '',
    "[status = 'running']",
    'host',
    'host[cpu >= 8]',
    "[env = 'prod'].unit[name = 'Shop']",
    "unit.apps[env = 'uat'].host[name = 'web-2']",
    "tags[name = 'gold']",
    "tags.apps[status = 'stopped']",
    'unit.balancer',
    'unit.children.apps',
    "host.apps[env = 'uat']",
  ]
  it.each(ways)('keeps the records from which "%s" leads on, as evaluating it says', async (condition) => {
    for (const permissions of [allRows, onlyProd]) {
      const seen = await ids({ permissions })
      const expected: string[] = []
      for (const id of seen) {
        const { records } = await evaluatePath(db, { path: condition, from: 'app', id, permissions })
        if (records.length > 0) expected.push(id)
      }
      expect(await ids({ permissions, conditions: [condition] })).toEqual(expected)
    }
  })

  it('wants every condition to hold, and points at the one that is wrong', async () => {
    expect(await ids({ conditions: ['host[cpu >= 8]', "[status = 'running']"] })).toEqual(['a2', 'a4'])
    expect(await countRecords(db, { collection: 'app', permissions: allRows, conditions: ['host'] })).toBe(4)
    for (const [wrong, span] of [
      ['hosts', [0, 5]],
      ['host[colour = 1]', [5, 11]],
      ['host.address', [5, 12]],
    ] as const) {
      await expect(ids({ conditions: ['host', wrong] })).rejects.toMatchObject({
        code: 'invalid-path',
        details: { pointer: '/conditions/1', span },
      })
    }
    await expect(ids({ conditions: ['host['] })).rejects.toMatchObject({
      details: { pointer: '/conditions/0' },
    })
  })

  it('searches every word in id, label and text, in any case', async () => {
    expect(await ids({ q: 'CART uat' })).toEqual(['a2'])
    expect(await ids({ q: 'a5' })).toEqual(['a5'])
    expect(await ids({ q: 'running led' })).toEqual(['a4'])
    expect(await ids({ q: '  ' })).toHaveLength(5)
    for (const q of ['%', '_', '\\', "'", '"; --', '\0x']) expect(await ids({ q })).toEqual([])
  })

  it('counts what it lists', async () => {
    const query = { collection: 'app', permissions: allRows, q: 'cart', limit: 1 }
    expect(await countRecords(db, query)).toBe(2)
    expect(await countRecords(db, { ...query, permissions: () => undefined })).toBe(0)
  })

  it('shows only what may be seen (rule 32)', async () => {
    expect(await ids({ permissions: onlyProd })).toEqual(['a1', 'a4', 'a3'])
    expect(await ids({ permissions: onlyProd, where: "env = 'uat' or name = 'search'" })).toEqual(['a3'])
    expect(await ids({ permissions: () => 'none' })).toEqual([])
    expect(await ids({ permissions: () => undefined })).toEqual([])
  })

  it('knows only collections of the catalogue', async () => {
    for (const collection of ['nothing', 'pg_class', 'app"; --', 'app__tags']) {
      await expect(ids({ collection })).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('getRecord', () => {
  it('answers fields, relations as ids, and UTC times', async () => {
    await db.transaction(async (tx) => {
      await tx.run("set local timezone = 'Asia/Shanghai'")
      const times = "seen = '2026-01-31 20:00+08', released = '2026-01-31', extra = '{\"a\": [1]}'"
      await tx.run(`update data.app set ${times}, load = 0.1, critical = true where id = 'a1'`)
      const record = await getRecord(tx, { collection: 'app', id: 'a1', permissions: allRows })
      expect(record).toEqual({
        id: 'a1',
        label: 'cart (prod)',
        collection: 'app',
        name: 'cart',
        env: 'prod',
        status: 'running',
        port: 80,
        load: 0.1,
        critical: true,
        released: '2026-01-31',
        seen: '2026-01-31T12:00:00.000Z',
        extra: { a: [1] },
        unit: 'u1',
        host: 'h1',
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
      })
    })
  })

  it('does not tell a hidden record from a missing one', async () => {
    expect(await getRecord(db, { collection: 'app', id: 'a2', permissions: onlyProd })).toBeUndefined()
    for (const id of ['a9', '', "a1' --", 'a1\0']) {
      expect(await getRecord(db, { collection: 'app', id, permissions: allRows })).toBeUndefined()
    }
  })

  it('reads many in the order asked', async () => {
    const found = await getRecords(db, { collection: 'app', ids: ['a3', 'x', 'a1'], permissions: allRows })
    expect(found.map((record) => record.id)).toEqual(['a3', 'a1'])
  })
})

describe('targets', () => {
  it('lists candidates with the record for the target filter', async () => {
    const [first] = await listTargets(db, { collection: 'app', permissions: onlyProd, q: 'cart' })
    expect(first).toMatchObject({ id: 'a1', label: 'cart (prod)', record: { status: 'running', unit: 'u1' } })
  })

  it('shows what every relation of a record leads to', async () => {
    const related = await relatedRecords(db, { collection: 'host', id: 'h2', permissions: onlyProd })
    expect(related).toMatchObject([
      { relation: 'apps', collection: 'app', toOne: false, records: [{ id: 'a3' }] },
      { relation: 'balances', records: [] },
    ])
    await expect(
      relatedRecords(db, { collection: 'app', id: 'a2', permissions: onlyProd }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })
})
