import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { CollectionDefinition } from '../core/collections.ts'
import type { Db } from '../store/db.ts'
import { alterCollection, type CollectionChange } from './alter-collection.ts'
import { loadCollectionSchemas } from './collection-schemas.ts'
import { createCollection, createCollections, dropCollection, dropCollections } from './collections.ts'
import { allRows } from './permissions.ts'
import { getRecord } from './records.ts'
import { createRecord } from './write-records.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
})
afterAll(() => database?.drop())

const text = (key: string) => ({ key, type: 'text' as const })
const define = (key: string, more: Partial<CollectionDefinition> = {}): CollectionDefinition => ({
  key,
  title: key,
  fields: [text('name')],
  ...more,
})

async function columnsOf(table: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_schema = 'data' and table_name = $1 order by ordinal_position",
    [table],
  )
  return rows.map((row) => row.name)
}

const create = (collection: string, values: Record<string, string | number | null>) =>
  createRecord(db, { collection, values, permissions: allRows })

describe('createCollection (rule 29)', () => {
  it('makes a real table that psql can write to', async () => {
    await createCollection(db, define('city', { label: '{name}, {id}', icon: 'map', fields: [text('name')] }))
    expect(await columnsOf('city')).toEqual(['id', 'name', 'label', 'created_at', 'updated_at'])
    await db.run("insert into data.city (id, name) values ('rome', 'Roma')")
    await db.run("insert into data.city (name) values ('Oslo')")
    expect(await getRecord(db, { collection: 'city', id: 'rome', permissions: allRows })).toMatchObject({
      label: 'Roma, rome',
      name: 'Roma',
    })
    await expect(db.run("insert into data.city (id) values ('a b')")).rejects.toThrow(/check/)
  })

  it('names relations from both sides, in any order of creation', async () => {
    const relations = [
      { name: 'boss', kind: 'many-to-one', to: 'person', inverse: 'reports' },
      { name: 'teams', kind: 'many-to-many', to: 'team', inverse: 'members' },
    ] as const
    await createCollections(db, [define('person', { relations: [...relations] }), define('team')])
    const schemas = await loadCollectionSchemas(db)
    expect(schemas.person?.relations).toMatchObject([
      { name: 'boss', kind: 'many-to-one', owner: true },
      { name: 'reports', kind: 'one-to-many', owner: false },
      { name: 'teams', kind: 'many-to-many', owner: true },
    ])
    expect(schemas.team?.relations).toMatchObject([{ name: 'members', to: 'person', kind: 'many-to-many' }])
    expect(await columnsOf('person')).toContain('boss_id')
    expect(await columnsOf('person__teams')).toEqual(['from_id', 'to_id'])
    const indexes = await db.query(
      "select from pg_indexes where schemaname = 'data' and indexdef like '%(boss_id)'",
    )
    expect(indexes).toHaveLength(1)
  })

  it('makes every column type', async () => {
    const types = ['text', 'number', 'integer', 'boolean', 'date', 'datetime', 'json'] as const
    const fields = types.map((type) => ({ key: `f_${type}`, type }))
    await createCollection(db, define('every', { fields, label: '{f_integer} {f_boolean} {f_number}' }))
    await create('every', { id: 'e', f_integer: 5, f_number: 0.1 })
    expect((await getRecord(db, { collection: 'every', id: 'e', permissions: allRows }))?.label).toBe(
      '5  0.1',
    )
  })

  it('keeps keys as long as PostgreSQL allows', async () => {
    const long = 'k'.repeat(63)
    const fields = [{ key: long, type: 'select' as const, options: ['a'] }]
    const relations = [
      { name: 'r'.repeat(60), kind: 'many-to-one' as const, to: long, inverse: 'i'.repeat(60) },
    ]
    await createCollection(db, define(long, { label: long, fields, relations }))
    expect(await columnsOf(long)).toEqual([
      'id',
      long,
      'label',
      'created_at',
      'updated_at',
      `${'r'.repeat(60)}_id`,
    ])
  })

  it.each<[string, Partial<CollectionDefinition> | Record<string, unknown>, string]>([
    ['a key with SQL', { key: 'x"; drop schema data cascade; --' }, '/key'],
    ['a field with a quote', { fields: [text('a"b')] }, '/fields/0/key'],
    ['a field with capitals', { fields: [text('Name')] }, '/fields/0/key'],
    ['a too long key', { key: 'k'.repeat(64) }, '/key'],
    ['a field of no type', { fields: [{ key: 'a', type: 'blob' }] }, '/fields/0/type'],
    ['a reserved field', { fields: [text('created_at')] }, '/fields/0/key'],
    ['a keyword', { fields: [text('not')] }, '/fields/0/key'],
    ['a system column', { fields: [text('xmin')] }, '/fields/0/key'],
    ['a select without options', { fields: [{ key: 'a', type: 'select' }] }, '/fields/0/options'],
    ['an option twice', { fields: [{ key: 'a', type: 'select', options: ['x', 'x'] }] }, '/fields/0/options'],
    ['a label of nothing', { label: 'Just text' }, '/label'],
    ['a label of an unknown field', { label: '{nam}' }, '/label'],
    ['a label of a date', { fields: [{ key: 'a', type: 'date' }], label: 'a' }, '/label'],
    ['two fields of one name', { fields: [text('a'), text('a')] }, ''],
    ['a relation to nowhere', { relations: [rel({ to: 'nowhere' })] }, '/relations/0/to'],
    ['a relation called as a field', { relations: [rel({ name: 'name' })] }, ''],
    ['a relation whose column is taken', { fields: [text('r_id'), text('name')], relations: [rel({})] }, ''],
    ['a relation with one name for both sides', { relations: [rel({ to: 'fresh', inverse: 'r' })] }, ''],
    [
      'a required many-to-many',
      { relations: [rel({ kind: 'many-to-many', required: true })] },
      '/relations/0/required',
    ],
    [
      'a required relation to be cleared',
      { relations: [rel({ required: true, onDelete: 'clear' })] },
      '/relations/0/onDelete',
    ],
    ['a relation with SQL', { relations: [rel({ name: 'a"' })] }, '/relations/0/name'],
    ['something else', { colour: 'red' }, '/colour'],
  ])('refuses %s', async (_, change, pointer) => {
    const definition = { ...define('fresh'), ...change } as CollectionDefinition
    await expect(createCollection(db, definition)).rejects.toMatchObject({
      code: 'invalid-collection',
      details: { pointer },
    })
    expect(await columnsOf('fresh')).toEqual([])
  })

  it('refuses what exists, link tables included', async () => {
    await createCollections(db, [
      define('pen', { relations: [{ name: 'inks', kind: 'many-to-many', to: 'ink', inverse: 'pens' }] }),
      define('ink'),
    ])
    for (const key of ['pen', 'pen__inks']) {
      await expect(createCollection(db, define(key))).rejects.toMatchObject({ code: 'already-exists' })
    }
    await expect(createCollections(db, [define('twin'), define('twin')])).rejects.toMatchObject({
      code: 'already-exists',
      details: { pointer: '/1/key' },
    })
  })

  it('takes hostile titles, options and labels as text', async () => {
    const hostile = `'; drop schema data cascade; -- \\' "$x$`
    const fields = [text('name'), { key: 'kind', type: 'select' as const, options: [hostile] }]
    await createCollection(db, define('hostile', { title: hostile, label: `{name}${hostile}`, fields }))
    const record = await create('hostile', { name: 'n', kind: hostile })
    expect(record.label).toBe(`n${hostile}`)
    expect(record.kind).toBe(hostile)
  })
})

function rel(change: Record<string, unknown>) {
  return { name: 'r', kind: 'many-to-one', to: 'city', inverse: 'fresh_ones', ...change }
}

describe('dropCollection', () => {
  it('refuses while others refer to it, and drops them together', async () => {
    await createCollections(db, [
      define('leaf', { relations: [{ name: 'tree', kind: 'many-to-one', to: 'tree', inverse: 'leaves' }] }),
      define('tree', {
        relations: [
          { name: 'nearest', kind: 'many-to-one', to: 'leaf', inverse: 'near' },
          { name: 'neighbours', kind: 'many-to-many', to: 'tree', inverse: 'neighbours_of' },
        ],
      }),
    ])
    await expect(dropCollection(db, 'tree')).rejects.toMatchObject({ code: 'in-use' })
    await dropCollections(db, ['tree', 'leaf'])
    expect(await columnsOf('tree')).toEqual([])
    expect(await columnsOf('tree__neighbours')).toEqual([])
    expect(Object.keys(await loadCollectionSchemas(db))).not.toContain('leaf')
    await expect(dropCollection(db, 'tree')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('alterCollection', () => {
  const alter = (...changes: CollectionChange[]) => alterCollection(db, 'book', changes)
  beforeAll(async () => {
    const fields = [text('name'), { key: 'genre', type: 'select' as const, options: ['novel', 'poem'] }]
    await createCollections(db, [define('book', { fields }), define('shelf')])
    await create('book', { id: 'b1', name: 'One', genre: 'novel' })
    await create('book', { id: 'b2', name: 'One' })
  })

  it('adds fields and relations to a table with records, and drops them', async () => {
    await alter(
      { type: 'add-field', field: { key: 'pages', type: 'integer' } },
      {
        type: 'add-relation',
        relation: { name: 'shelf', kind: 'many-to-one', to: 'shelf', inverse: 'books' },
      },
      {
        type: 'add-relation',
        relation: { name: 'copies', kind: 'many-to-many', to: 'book', inverse: 'copy_of' },
      },
    )
    expect(await columnsOf('book')).toEqual(expect.arrayContaining(['pages', 'shelf_id']))
    expect((await loadCollectionSchemas(db)).shelf?.relations).toMatchObject([{ name: 'books', to: 'book' }])
    await alter(
      { type: 'drop-field', key: 'pages' },
      { type: 'drop-relation', name: 'shelf' },
      { type: 'drop-relation', name: 'copies' },
    )
    expect(await columnsOf('book')).not.toEqual(expect.arrayContaining(['pages']))
    expect((await loadCollectionSchemas(db)).book?.relations).toEqual([])
  })

  it('computes the label anew', async () => {
    await alter({ type: 'set', label: '{name} [{genre}]', title: { en: 'Book', ru: 'Книга' }, icon: 'book' })
    const record = await getRecord(db, { collection: 'book', id: 'b1', permissions: allRows })
    expect(record?.label).toBe('One [novel]')
    await expect(alter({ type: 'drop-field', key: 'genre' })).rejects.toMatchObject({ code: 'in-use' })
    await alter({ type: 'set', label: 'name' })
  })

  it('changes options, required and unique only when the records allow it', async () => {
    const genre = { key: 'genre', type: 'select' as const }
    await alter({ type: 'change-field', field: { ...genre, options: ['novel', 'essay'] } })
    await expect(
      alter({ type: 'change-field', field: { ...genre, options: ['essay'] } }),
    ).rejects.toMatchObject({
      code: 'in-use',
    })
    const requiring: CollectionChange = {
      type: 'change-field',
      field: { ...genre, options: ['novel'], required: true },
    }
    await expect(alter(requiring)).rejects.toMatchObject({ code: 'in-use', details: { pointer: '/0' } })
    const unique: CollectionChange = { type: 'change-field', field: { ...text('name'), unique: true } }
    await expect(alter(unique)).rejects.toMatchObject({ code: 'in-use' })
    await db.run("update data.book set name = id, genre = 'novel'")
    await alter(requiring, unique)
    await expect(create('book', { name: 'b1', genre: 'novel' })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await alter({ type: 'change-field', field: text('name') })
    await create('book', { name: 'b1', genre: 'novel' })
  })

  it('makes all changes of a list or none', async () => {
    const before = await loadCollectionSchemas(db)
    const changes: CollectionChange[] = [
      { type: 'add-field', field: text('isbn') },
      { type: 'change-field', field: { key: 'name', type: 'integer' } },
    ]
    await expect(alter(...changes)).rejects.toMatchObject({ details: { pointer: '/1/field/type' } })
    expect(await loadCollectionSchemas(db)).toEqual(before)
    expect(await columnsOf('book')).not.toContain('isbn')
  })

  it.each<[string, CollectionChange | object, string]>([
    ['a field that exists', { type: 'add-field', field: text('name') }, 'invalid-collection'],
    ['an unknown field', { type: 'drop-field', key: 'colour' }, 'not-found'],
    ['an unknown relation', { type: 'drop-relation', name: 'colour' }, 'not-found'],
    ['an unknown change', { type: 'explode' }, 'invalid-collection'],
    ['a key with SQL', { type: 'drop-field', key: 'name"; --' }, 'invalid-collection'],
    [
      'a relation whose other name is taken',
      { type: 'add-relation', relation: { name: 's', kind: 'many-to-one', to: 'shelf', inverse: 'name' } },
      'invalid-collection',
    ],
  ])('refuses %s', async (_, change, code) => {
    await expect(alter(change as CollectionChange)).rejects.toMatchObject({ code })
  })

  it('lets changes made at the same time take turns', async () => {
    const keys = ['one', 'two', 'three', 'four']
    await Promise.all(keys.map((key) => alter({ type: 'add-field', field: text(key) })))
    expect(await columnsOf('book')).toEqual(expect.arrayContaining(keys))
  })
})

describe('loadCollectionSchemas', () => {
  it('answers the same object until something changes', async () => {
    const before = await loadCollectionSchemas(db)
    expect(await loadCollectionSchemas(db)).toBe(before)
    await createCollection(db, define('news'))
    expect((await loadCollectionSchemas(db)).news?.key).toBe('news')
  })

  it('does not keep what was rolled back', async () => {
    const undone = db.transaction(async (tx) => {
      await createCollection(tx, define('ghost'))
      expect((await loadCollectionSchemas(tx)).ghost?.key).toBe('ghost')
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect((await loadCollectionSchemas(db)).ghost).toBeUndefined()
  })
})
