import { describe, expect, it } from 'vitest'
import type { CollectionSchema, CollectionSchemas, RelationSide } from '../collections.ts'
import { checkPath } from './check.ts'
import { parsePath } from './parse.ts'

function collection(key: string, relations: RelationSide[]): CollectionSchema {
  return {
    key,
    title: key,
    label: '{name}',
    relations,
    fields: [
      { key: 'name', type: 'text' },
      { key: 'alias', type: 'text' },
      { key: 'cpu', type: 'integer' },
      { key: 'load', type: 'number' },
      { key: 'active', type: 'boolean' },
      { key: 'bought', type: 'date' },
      { key: 'seen', type: 'datetime' },
      { key: 'tags', type: 'json' },
      { key: 'status', type: 'select', options: ['running', 'stopped'] },
    ],
  }
}

const schemas: CollectionSchemas = {
  app: collection('app', [
    { name: 'host', to: 'host', inverse: 'apps', kind: 'many-to-one', owner: true },
    { name: 'tags_of', to: 'tag', inverse: 'apps', kind: 'many-to-many', owner: true },
  ]),
  host: collection('host', [{ name: 'apps', to: 'app', inverse: 'host', kind: 'one-to-many', owner: false }]),
  tag: collection('tag', [
    { name: 'apps', to: 'app', inverse: 'tags_of', kind: 'many-to-many', owner: false },
  ]),
}

const check = (source: string, from = 'app') => checkPath(parsePath(source), from, schemas)

function complaints(source: string) {
  return check(source).problems.map((problem) => ({
    at: source.slice(...(problem.span ?? [0, 0])),
    message: problem.message,
  }))
}

describe('checkPath', () => {
  it('says where a path ends and whether one record at most is found', () => {
    expect(check('')).toMatchObject({ problems: [], collection: 'app', toOne: true })
    expect(check('host')).toMatchObject({ problems: [], collection: 'host', toOne: true })
    expect(check('host.apps')).toMatchObject({ problems: [], collection: 'app', toOne: false })
    expect(check('tags_of.apps.host')).toMatchObject({ problems: [], collection: 'host', toOne: false })
  })

  it('accepts a field at the end, and only there', () => {
    expect(check('host.name')).toMatchObject({ problems: [], collection: 'host', field: { key: 'name' } })
    expect(check('updated_at').field?.type).toBe('datetime')
    expect(complaints('host.name.apps')).toEqual([
      { at: 'name', message: 'name is a field: a path can only end with it' },
    ])
    expect(complaints("host.name[name = 'x']")).toHaveLength(1)
  })

  it('names what there is when a relation is unknown', () => {
    expect(complaints('host.units')).toEqual([
      { at: 'units', message: 'host has no relation units; it has apps' },
    ])
    expect(check('constructor').problems).toHaveLength(1)
    expect(check('', 'toString').problems[0]?.message).toBe('There is no collection toString')
  })

  it('accepts fitting filters', () => {
    const fitting = [
      "name = 'a' and name < alias and id like 'h-%' and label != 'x'",
      'cpu >= 4 and load < cpu and cpu in (1, 2.5)',
      'active = true and active in (true, false)',
      "bought > '2026-01-31' and seen <= '2026-01-31T10:00:00+03:00' and created_at > '2026-01-31'",
      "status in ('running') and status != 'stopped' and status like 'run%'",
      "tags is null and host = 'h-1' and host is not null",
    ]
    for (const filter of fitting) expect(complaints(`host.apps[${filter}]`)).toEqual([])
  })

  it.each([
    ["host[cpu = '4']", "'4'", 'expected a number'],
    ['host[name = 4]', '4', 'expected text'],
    ["host[active = 'yes']", "'yes'", 'true or false'],
    ["host[bought = '2026-02-30']", "'2026-02-30'", 'expected a date'],
    ["host[seen > 'yesterday']", "'yesterday'", 'expected a time'],
    ["host[status = 'runing']", "'runing'", 'not an option of status: running, stopped'],
    ['host[status in (1)]', '1', 'expected text'],
    ["host[status < 'running']", "status < 'running'", 'no order'],
    ['host[active > false]', 'active > false', 'no order'],
    ["host[cpu like '4%']", "cpu like '4%'", 'like is for text'],
    ["host[tags = 'x']", "tags = 'x'", 'only "is null"'],
    ['host[nam = 1]', 'nam', 'no field nam; it has name'],
    ['host[name = cpu]', 'cpu', 'cannot be compared'],
    ['host[name = nam]', 'nam', 'no field nam'],
    ["host[apps = 'x']", 'apps', 'no field apps'],
    ['[cpu = true].host', 'true', 'expected a number'],
  ])('complains about %s at %s', (source, at, message) => {
    const found = complaints(source)
    expect(found).toHaveLength(1)
    expect(found[0]?.at).toBe(at)
    expect(found[0]?.message).toContain(message)
  })

  it('reports every problem of a filter', () => {
    expect(complaints("host[cpu = 'a' or (not nam is null and load = true)]")).toHaveLength(3)
  })
})
