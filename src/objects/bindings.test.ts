import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataCenter } from '../../tests/helpers/data-center.ts'
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/postgres.ts'
import type { Bind } from '../core/document.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { boundPaths, checkChosen, previewBindings } from './bindings.ts'
import { allRows, type RowPermissions } from './permissions.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  await createDataCenter(db)
})
afterAll(() => database?.drop())

const documentOf = (binds: Record<string, Bind | undefined>) => ({
  nodes: Object.entries(binds).map(([id, bind]) => ({ id, type: 'set', ...(bind ? { bind } : {}) })),
})

const preview = (binds: Record<string, Bind | undefined>, permissions: RowPermissions = allRows) =>
  previewBindings(db, { document: documentOf(binds), target: { collection: 'app', id: 'a1' }, permissions })

const apps = [
  { id: 'a1', label: 'cart (prod)' },
  { id: 'a2', label: 'cart (uat)' },
  { id: 'a3', label: 'search (prod)' },
]

describe('previewBindings (rule 31)', () => {
  it('evaluates every mode, in the order of the document', async () => {
    const bindings = await preview({
      free: undefined,
      copy: { mode: 'same-as', node: 'again' },
      all: { path: 'unit.apps' },
      again: { mode: 'same-as', node: 'all' },
      late: { path: 'host', mode: 'run' },
      self: {},
      none: { path: "unit.apps[name = 'x']" },
    })
    expect(bindings).toEqual([
      { node: 'copy', mode: 'same-as', collection: 'app', records: apps, toOne: false },
      { node: 'all', mode: 'start', collection: 'app', records: apps, toOne: false },
      { node: 'again', mode: 'same-as', collection: 'app', records: apps, toOne: false },
      { node: 'late', mode: 'run', collection: 'host', records: [{ id: 'h1', label: 'web-1' }], toOne: true },
      { node: 'self', mode: 'start', collection: 'app', records: apps.slice(0, 1), toOne: true },
      { node: 'none', mode: 'start', collection: 'app', records: [], toOne: false },
    ])
  })

  it('locates what is wrong with one node and goes on with the others', async () => {
    const bindings = await preview({
      typo: { path: 'unit.hots' },
      syntax: { path: 'unit..apps' },
      field: { path: 'host.name' },
      ring: { mode: 'same-as', node: 'ring2' },
      ring2: { mode: 'same-as', node: 'ring' },
      lost: { mode: 'same-as', node: 'nobody' },
      copy: { mode: 'same-as', node: 'typo' },
      fine: { path: 'host' },
    })
    expect(
      bindings.map(({ node, problem }) => [node, problem?.code, problem?.pointer, problem?.span]),
    ).toEqual([
      ['typo', 'invalid-path', '/nodes/0/bind/path', [5, 9]],
      ['syntax', 'invalid-path', '/nodes/1/bind/path', [5, 6]],
      ['field', 'invalid-binding', '/nodes/2/bind', undefined],
      ['ring', 'invalid-binding', '/nodes/3/bind', undefined],
      ['ring2', 'invalid-binding', '/nodes/4/bind', undefined],
      ['lost', 'invalid-binding', '/nodes/5/bind', undefined],
      ['copy', 'invalid-path', '/nodes/6/bind/path', [5, 9]],
      ['fine', undefined, undefined, undefined],
    ])
  })

  it('offers only what may be seen (rule 32)', async () => {
    const permissions: RowPermissions = (collection) =>
      collection === 'app' ? parseFilter("env = 'prod'") : 'all'
    const [all] = await preview({ all: { path: 'unit.apps' } }, permissions)
    expect(all?.records.map((record) => record.id)).toEqual(['a1', 'a3'])
    await expect(preview({ all: {} }, () => 'none')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('gives the paths that can be drawn', async () => {
    const binds: Record<string, Bind> = {
      all: { path: 'unit.apps' },
      copy: { mode: 'same-as', node: 'all' },
      bad: { path: 'nowhere' },
    }
    expect(boundPaths(await preview(binds), documentOf(binds))).toEqual([
      { node: 'all', path: 'unit.apps' },
      { node: 'copy', path: 'unit.apps' },
    ])
  })
})

describe('checkChosen', () => {
  const binds: Record<string, Bind> = {
    all: { path: 'unit.apps' },
    copy: { mode: 'same-as', node: 'all' },
    late: { path: 'host', mode: 'run' },
    lateCopy: { mode: 'same-as', node: 'late' },
    constructor: { path: 'host' },
  }
  const check = async (chosen: Record<string, string[]>) =>
    checkChosen(await preview(binds), chosen, documentOf(binds))

  it('keeps everything where nothing was chosen, and copies follow', async () => {
    const bindings = await check({})
    expect(bindings.all).toEqual({ collection: 'app', records: apps })
    expect(bindings.copy).toEqual(bindings.all)
    expect(Object.keys(bindings).toSorted()).toEqual(['all', 'constructor', 'copy'])
    expect(Object.getOwnPropertyDescriptor(bindings, 'constructor')?.value).toMatchObject({
      records: [{ id: 'h1' }],
    })
  })

  it('keeps what was chosen, in the order offered', async () => {
    const bindings = await check({ all: ['a3', 'a1'] })
    expect(bindings.all?.records.map((record) => record.id)).toEqual(['a1', 'a3'])
    expect(bindings.copy).toEqual(bindings.all)
    expect((await check({ all: [] })).all?.records).toEqual([])
  })

  it.each<[string, Record<string, string[]>, string]>([
    ['a record that was not offered', { all: ['a1', 'a4'] }, '/all/1'],
    ['a record chosen twice', { all: ['a1', 'a1'] }, '/all/1'],
    ['an unknown node', { 'x/y': [] }, '/x~1y'],
    ['a node that binds while running', { late: ['h1'] }, '/late'],
    ['a node that copies', { copy: ['a1'] }, '/copy'],
  ])('refuses %s', async (_, chosen, pointer) => {
    await expect(check(chosen)).rejects.toMatchObject({ code: 'invalid-binding', details: { pointer } })
  })

  it('refuses a binding that has a problem', async () => {
    const broken = { bad: { path: 'nowhere' } }
    const previews = await preview(broken)
    expect(() => checkChosen(previews, {}, documentOf(broken))).toThrow(/no relation nowhere/)
  })
})
