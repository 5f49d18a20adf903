import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { evaluatePath } from './evaluate-path.ts'
import { recordsFor } from './node-records.ts'
import { allRows, type RowPermissions } from './permissions.ts'
import { createRecord, createRecords, deleteRecord, updateRecord } from './write-records.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  await createDataCenter(db)
})
afterAll(() => database?.drop())

const permissions = allRows
const create = (values: JsonObject, who: RowPermissions = allRows) =>
  createRecord(db, { collection: 'app', values: { name: 'n', unit: 'u1', ...values }, permissions: who })
const update = (id: string, values: JsonObject, who: RowPermissions = allRows) =>
  updateRecord(db, { collection: 'app', id, values, permissions: who })
const onlyProd: RowPermissions = (collection) => (collection === 'app' ? parseFilter("env = 'prod'") : 'all')

async function linked(id: string): Promise<string[]> {
  const { records } = await evaluatePath(db, { path: 'tags', from: 'app', id, permissions })
  return records.map((record) => record.id)
}

describe('createRecord', () => {
  it('takes the id given, or makes one', async () => {
    expect(await create({ id: 'Own_1.x:y-z' })).toMatchObject({
      id: 'Own_1.x:y-z',
      collection: 'app',
      label: 'n ()',
    })
    expect((await create({})).id).toMatch(/^[0-9a-f]{20}$/)
    await expect(create({ id: 'a1' })).rejects.toMatchObject({
      code: 'already-exists',
      details: { pointer: '/id' },
    })
  })

  it('keeps every type as it was given', async () => {
    const values = {
      port: Number.MAX_SAFE_INTEGER,
      load: 0.1 + 0.2,
      critical: false,
      released: '0001-01-01',
      seen: '2026-01-31T10:00:00.000Z',
      extra: [1, { "it's": null }, '京\\"'],
      env: "it's",
    }
    expect(await create(values)).toMatchObject(values)
    expect((await create({ extra: null, load: 5e-324 })).extra).toBeNull()
    expect((await create({ seen: '2026-01-31T10:00:00+03:00' })).seen).toBe('2026-01-31T07:00:00.000Z')
  })

  it.each<[string, JsonObject, string]>([
    ['an unknown field', { colour: 1 }, '/colour'],
    ['a computed field', { label: 'x' }, '/label'],
    ['a column by its name', { unit_id: 'u1' }, '/unit_id'],
    ['a prototype', JSON.parse('{"__proto__": 1}') as JsonObject, '/__proto__'],
    ['SQL for a name', { 'a"/~b': 1 }, '/a"~1~0b'],
    ['null for a required field', { name: null }, '/name'],
    ['null for a required relation', { unit: null }, '/unit'],
    ['a number for text', { name: 1 }, '/name'],
    ['U+0000 in text', { name: 'a\0' }, '/name'],
    ['U+0000 in JSON', { extra: { a: ['\0'] } }, '/extra'],
    ['U+0000 in a key of JSON', { extra: { '\0': 1 } }, '/extra'],
    ['JSON without end', { extra: deep(100) }, '/extra'],
    ['too long a text', { name: 'x'.repeat(100_001) }, '/name'],
    ['an unknown option', { env: 'dev' }, '/env'],
    ['a broken number', { port: 1.5 }, '/port'],
    ['too large an integer', { port: 2 ** 53 }, '/port'],
    ['text for a number', { load: '1' }, '/load'],
    ['text for a boolean', { critical: 'true' }, '/critical'],
    ['a day that is not', { released: '2026-02-30' }, '/released'],
    ['a time that is not', { seen: 'now' }, '/seen'],
    ['an id with a slash', { id: 'a/b' }, '/id'],
    ['an empty id', { id: '' }, '/id'],
    ['an object for a relation', { host: { id: 'h1' } }, '/host'],
    ['a missing record', { host: 'h9' }, '/host'],
    ['a missing record in a list', { tags: ['t1', 't9'] }, '/tags'],
    ['one id for a list', { tags: 't1' }, '/tags'],
  ])('refuses %s', async (_, values, pointer) => {
    await expect(create(values)).rejects.toMatchObject({ code: 'invalid-record', details: { pointer } })
  })

  it('names every missing value', async () => {
    const error = createRecord(db, { collection: 'app', values: {}, permissions })
    await expect(error).rejects.toMatchObject({
      details: { problems: [{ pointer: '/name' }, { pointer: '/unit' }] },
    })
  })

  it('refuses the other side of a many-to-one', async () => {
    const values = { name: 'x', apps: ['a1'] }
    await expect(createRecord(db, { collection: 'host', values, permissions })).rejects.toMatchObject({
      details: { pointer: '/apps' },
    })
  })
})

describe('createRecords', () => {
  const batch = (records: JsonObject[]) => createRecords(db, { collection: 'unit', records, permissions })

  it('creates all in the order given; records may refer to each other', async () => {
    const made = await batch([
      { id: 'z1', name: 'Z1', parent: 'z2' },
      { id: 'z2', name: 'Z2' },
      { name: 'Z3' },
    ])
    expect(made.map((record) => record.name)).toEqual(['Z1', 'Z2', 'Z3'])
    expect(made[0]?.parent).toBe('z2')
    expect(await batch([])).toEqual([])
  })

  it('creates all or none, and says which is wrong', async () => {
    await expect(batch([{ id: 'y1', name: 'Y1' }, { name: 5 }])).rejects.toMatchObject({
      details: { pointer: '/1/name' },
    })
    await expect(
      batch([
        { id: 'y1', name: 'Y1' },
        { name: 'Y2', parent: 'lost' },
      ]),
    ).rejects.toMatchObject({
      details: { pointer: '/1/parent' },
    })
    await expect(
      batch([
        { id: 'y1', name: 'Y1' },
        { id: 'y1', name: 'Y2' },
      ]),
    ).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(batch([null, 'x'] as unknown as JsonObject[])).rejects.toMatchObject({
      code: 'invalid-record',
    })
    expect(await db.query("select from data.unit where id = 'y1'")).toEqual([])
  })
})

describe('updateRecord', () => {
  it('changes what is named and leaves the rest', async () => {
    const before = await create({ env: 'prod', port: 1, tags: ['t1'] })
    const after = await update(before.id, { port: 2 })
    expect(after).toMatchObject({ port: 2, env: 'prod', label: 'n (prod)' })
    expect(await linked(before.id)).toEqual(['t1'])
    expect(await update(before.id, {})).toEqual(after)
    expect(await update(before.id, { env: null, host: 'h1' })).toMatchObject({
      env: null,
      host: 'h1',
      label: 'n ()',
    })
    expect(await update(before.id, { host: null })).toMatchObject({ host: null })
  })

  it('replaces the set of a many-to-many, from both sides', async () => {
    const { id } = await create({ tags: ['t1'] })
    await update(id, { tags: ['t2', 't2'] })
    expect(await linked(id)).toEqual(['t2'])
    await update(id, { tags: [] })
    expect(await linked(id)).toEqual([])
    await createRecord(db, {
      collection: 'tag',
      values: { id: 'tx', name: 'x', apps: [id, 'a1'] },
      permissions,
    })
    expect(await linked(id)).toEqual(['tx'])
  })

  it('refuses a new id, a missing record, and what does not fit', async () => {
    await expect(update('a1', { id: 'a9' })).rejects.toMatchObject({ details: { pointer: '/id' } })
    await expect(update('a1', { name: null })).rejects.toMatchObject({ details: { pointer: '/name' } })
    for (const id of ['a9', "a1' or true --", 'a1\0']) {
      await expect(update(id, { port: 1 })).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('deleteRecord', () => {
  it('removes the record and its links', async () => {
    const { id } = await create({ tags: ['t1'] })
    await deleteRecord(db, { collection: 'app', id, permissions })
    await expect(deleteRecord(db, { collection: 'app', id, permissions })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('refuses while others refer to it, unless the relation says otherwise', async () => {
    await expect(deleteRecord(db, { collection: 'host', id: 'h3', permissions })).rejects.toMatchObject({
      code: 'in-use',
    })
    const values = { id: 'top', name: 'Top' }
    await createRecord(db, { collection: 'unit', values, permissions })
    await updateRecord(db, { collection: 'unit', id: 'u3', values: { parent: 'top' }, permissions })
    await deleteRecord(db, { collection: 'unit', id: 'top', permissions })
    expect(await db.query("select parent_id from data.unit where id = 'u3'")).toEqual([{ parent_id: null }])
  })
})

describe('row permissions when writing (rule 32)', () => {
  it('lets nobody write what they may not see, before or after', async () => {
    await expect(create({ env: 'uat' }, onlyProd)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(create({}, onlyProd)).rejects.toMatchObject({ code: 'forbidden' })
    const { id } = await create({ env: 'prod' }, onlyProd)
    await expect(update(id, { env: 'uat' }, onlyProd)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await update(id, { port: 3 }, onlyProd)).toMatchObject({ env: 'prod', port: 3 })
    await expect(update('a2', { env: 'prod' }, onlyProd)).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      deleteRecord(db, { collection: 'app', id: 'a2', permissions: onlyProd }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await expect(create({}, () => undefined)).rejects.toThrow()
  })

  it('refers only to visible records, and keeps links to hidden ones', async () => {
    const noGold: RowPermissions = (collection) =>
      collection === 'tag' ? parseFilter("name != 'gold'") : 'all'
    await expect(create({ tags: ['t1'] }, noGold)).rejects.toMatchObject({ details: { pointer: '/tags' } })
    const { id } = await create({ tags: ['t1', 't2'] })
    await update(id, { tags: [] }, noGold)
    expect(await linked(id)).toEqual(['t1'])
  })
})

describe('captured changes (rule 34)', () => {
  const changes = (id: string) =>
    db.query<{ op: string; old: Json; new: Json; ancestry: string | null; tx: string }>(
      'select op, old, new, ancestry, tx::text from fermata.data_changes where record_id = $1 order by id',
      [id],
    )

  it('holds old and new row, whoever wrote', async () => {
    await db.run("insert into data.tag (id, name) values ('c1', 'one')")
    await db.run("update data.tag set name = 'two' where id = 'c1'")
    await db.run("update data.tag set name = 'two' where id = 'c1'")
    await db.run("delete from data.tag where id = 'c1'")
    expect(await changes('c1')).toMatchObject([
      { op: 'insert', old: null, new: { id: 'c1', name: 'one', label: 'one' }, ancestry: null },
      { op: 'update', old: { name: 'one' }, new: { name: 'two' } },
      { op: 'delete', old: { name: 'two' }, new: null },
    ])
  })

  it('is part of the transaction of the writer', async () => {
    const undone = db.transaction(async (tx) => {
      await tx.run("insert into data.tag (id, name) values ('c2', 'one')")
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect(await changes('c2')).toEqual([])
  })

  it('carries the ancestry of an execution, and only of that write', async () => {
    const records = recordsFor(db, { permissions, ancestry: [{ execution: '5', workflow: 'w' }] })
    await records.create('tag', { id: 'c3', name: 'x' })
    await records.update('tag', 'c3', { name: 'y' })
    await updateRecord(db, { collection: 'tag', id: 'c3', values: { name: 'z' }, permissions })
    await records.remove('tag', 'c3')
    const [ours, theirs] = ['[{"execution":"5","workflow":"w"}]', null]
    expect((await changes('c3')).map((change) => change.ancestry)).toEqual([ours, ours, theirs, ours])
  })
})

describe('recordsFor', () => {
  it('is what node types get', async () => {
    const records = recordsFor(db, { permissions: onlyProd, ancestry: [] })
    expect(await records.get('app', 'a1')).toMatchObject({ id: 'a1' })
    expect(await records.get('app', 'a2')).toBeUndefined()
    const found = await records.query('app', { where: "name in ('cart', 'search')", sort: '-id', limit: 5 })
    expect(found.map((record) => record.id)).toEqual(['a3', 'a1'])
  })
})

function deep(levels: number): Json {
  return levels === 0 ? 1 : [deep(levels - 1)]
}
