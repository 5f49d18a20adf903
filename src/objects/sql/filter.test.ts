// The compiled filter selects what a naive evaluation in memory selects, nulls and their third truth value included.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/postgres.ts'
import type { FieldDefinition } from '../../core/collections.ts'
import { parseDatetime } from '../../core/dates.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { type Comparison, comparisons, type Filter } from '../../core/path/ast.ts'
import { parseFilter } from '../../core/path/parse.ts'
import { printFilter } from '../../core/path/print.ts'
import type { RecordValue } from '../../sdk/node-type.ts'
import type { Db } from '../../store/db.ts'
import { createCollection } from '../collections.ts'
import { allRows } from '../permissions.ts'
import { listRecords } from '../records.ts'
import { createRecords } from '../write-records.ts'

const span = [0, 0] as const
const texts = [
  '',
  'a',
  'B',
  'b',
  'ab',
  'Ab',
  'a%',
  'a_',
  "it's",
  '\\',
  'é',
  'z',
  '京',
  '{x,"y"}',
  'null',
  '🎼',
  '\uffff',
]
const times = ['2026-01-31', '2026-01-31T10:00:00Z', '2026-01-31T13:00:00+03:00', '1999-12-31T23:59:59.999Z']

/** For each field the values its records have and its filters name: few, so that they meet. */
const domains: Record<string, { type: FieldDefinition['type']; values: Array<string | number | boolean> }> = {
  text_a: { type: 'text', values: texts },
  text_b: { type: 'text', values: texts },
  kind: { type: 'select', values: ['x', 'y', "it's"] },
  number_a: { type: 'number', values: [-1.5, 0, 0.1, 2, 1e300] },
  count_a: { type: 'integer', values: [-1, 0, 2, 9007199254740991] },
  flag_a: { type: 'boolean', values: [true, false] },
  flag_b: { type: 'boolean', values: [true, false] },
  day_a: { type: 'date', values: ['2026-01-31', '2024-02-29', '0001-01-01'] },
  day_b: { type: 'date', values: ['2026-01-31', '2024-02-29'] },
  time_a: { type: 'datetime', values: times },
  time_b: { type: 'datetime', values: times },
}
/** Fields of one family, which may be compared with each other. */
const partners: Record<string, string[]> = {
  text_a: ['text_a', 'text_b', 'kind'],
  text_b: ['text_a'],
  kind: ['text_a'],
  number_a: ['count_a', 'number_a'],
  count_a: ['number_a'],
  flag_a: ['flag_b'],
  flag_b: ['flag_a'],
  day_a: ['day_b'],
  day_b: ['day_a'],
  time_a: ['time_b'],
  time_b: ['time_a'],
}

const names = Object.keys(domains)
const field = (name: string) => ({ type: 'field' as const, name, span })
const literal = (value: string | number | boolean) => ({ type: 'literal' as const, value, span })
const valuesOf = (name: string) => fc.constantFrom(...(domains[name]?.values ?? []))

const predicate: fc.Arbitrary<Filter> = fc.constantFrom(...names).chain((name) => {
  const { type } = domains[name] ?? { type: 'text' }
  const ordered = type !== 'boolean' && type !== 'select'
  const op = fc.constantFrom(...(ordered ? comparisons : (['=', '!='] as const)))
  const other = fc.constantFrom(...(partners[name] ?? [])).map(field)
  const rows: fc.Arbitrary<Filter>[] = [
    fc.record({
      type: fc.constant('compare' as const),
      field: fc.constant(field(name)),
      op,
      value: fc.oneof(valuesOf(name).map(literal), other),
      span: fc.constant(span),
    }),
    fc.record({
      type: fc.constant('in' as const),
      field: fc.constant(field(name)),
      values: fc.array(valuesOf(name).map(literal), { minLength: 1, maxLength: 3 }),
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
    fc.record({
      type: fc.constant('null' as const),
      field: fc.constant(field(name)),
      negated: fc.boolean(),
      span: fc.constant(span),
    }),
  ]
  if (type === 'text' || type === 'select') {
    rows.push(
      fc.record({
        type: fc.constant('like' as const),
        field: fc.constant(field(name)),
        pattern: fc.constantFrom('%', '_', 'a%', '%b', '\\%', 'a\\_', '', '_%_', '\\\\', '%京%').map(literal),
        negated: fc.boolean(),
        span: fc.constant(span),
      }),
    )
  }
  return fc.oneof(...rows)
})

const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'sql-filter' },
    predicate,
    fc.record({ type: fc.constant('not' as const), item: tie('filter'), span: fc.constant(span) }),
    fc.record({
      type: fc.constantFrom('and' as const, 'or' as const),
      items: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
  ),
})).filter

type Truth = boolean | null

const negate = (truth: Truth): Truth => (truth === null ? null : !truth)

function naive(each: Filter, record: RecordValue): Truth {
  switch (each.type) {
    case 'and':
      return conjunction(each.items.map((item) => naive(item, record)))
    case 'or':
      return negate(conjunction(each.items.map((item) => negate(naive(item, record)))))
    case 'not':
      return negate(naive(each.item, record))
    case 'null':
      return ((record[each.field.name] ?? null) === null) !== each.negated
    case 'compare': {
      const right = each.value.type === 'field' ? record[each.value.name] : each.value.value
      return compare(each.op, { name: each.field.name, left: record[each.field.name], right })
    }
    case 'in': {
      const left = record[each.field.name]
      const hits = each.values.map((one) => compare('=', { name: each.field.name, left, right: one.value }))
      const any = negate(conjunction(hits.map(negate)))
      return each.negated ? negate(any) : any
    }
    case 'like': {
      const value = record[each.field.name] ?? null
      if (value === null) return null
      return like(String(value), String(each.pattern.value)) !== each.negated
    }
  }
}

function conjunction(truths: Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(null) ? null : true
}

function compare(
  op: Comparison,
  sides: { name: string; left?: Json | undefined; right?: Json | undefined },
): Truth {
  const [left, right] = [normal(sides.name, sides.left), normal(sides.name, sides.right)]
  if (left === null || right === null) return null
  const order =
    typeof left === 'string'
      ? Buffer.compare(Buffer.from(left), Buffer.from(String(right)))
      : Math.sign(Number(left) - Number(right))
  return {
    '=': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  }[op]
}

function normal(name: string, value: Json | undefined): Json {
  if (value === undefined || value === null) return null
  return domains[name]?.type === 'datetime' ? (parseDatetime(String(value)) ?? null) : value
}

function like(value: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\\(.)|([%_])|[^%_\\]/gsu, (whole, escaped?: string, wild?: string) => {
    if (wild) return wild === '%' ? '[^]*' : '[^]'
    return (escaped ?? whole).replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, 'u').test(value)
}

let database: TestDatabase
let db: Db
let records: RecordValue[]
beforeAll(async () => {
  database = await createTestDatabase()
  db = database.pool
  const fields = names.map((key): FieldDefinition => {
    const type = domains[key]?.type ?? 'text'
    return type === 'select' ? { key, type, options: domains[key]?.values.map(String) ?? [] } : { key, type }
  })
  await createCollection(db, { key: 'cell', title: 'Cell', fields })
  const row = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.option(valuesOf(name), { freq: 3 })])),
  ) as fc.Arbitrary<JsonObject>
  const rows = fc.sample(row, { numRuns: 80, seed: 7 })
  records = await createRecords(db, { collection: 'cell', records: rows, permissions: allRows })
})
afterAll(() => database?.drop())

describe('compileFilter', () => {
  it('selects the rows that a naive evaluation selects', async () => {
    await fc.assert(
      fc.asyncProperty(filter, async (each) => {
        const found = await listRecords(db, { collection: 'cell', permissions: allRows, where: each })
        const expected = records.filter((record) => naive(each, record) === true)
        expect(found.records.map((record) => record.id).sort(), printFilter(each)).toEqual(
          expected.map((record) => record.id).sort(),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('selects neither by a comparison with null nor by its opposite', async () => {
    const count = async (where: string) =>
      (await listRecords(db, { collection: 'cell', permissions: allRows, where })).records.length
    const [equal, different, empty] = [
      await count("text_a = 'a'"),
      await count("not text_a = 'a'"),
      await count('text_a is null'),
    ]
    expect(empty).toBeGreaterThan(0)
    expect(equal + different + empty).toBe(records.length)
  })

  it('refuses a filter that was not made for the collection', async () => {
    for (const where of ["number_a = 'x'", 'nothing = 1', 'text_a = 1', "day_a > 'soon'"]) {
      const found = listRecords(db, { collection: 'cell', permissions: allRows, where: parseFilter(where) })
      await expect(found).rejects.toMatchObject({ code: 'invalid-path' })
    }
  })
})
