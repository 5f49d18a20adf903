// Reading records, always with the row permissions of whoever asks.
import { type CollectionSchema, type CollectionSchemas, findField } from '../core/collections.ts'
import { AppError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Filter, Path } from '../core/path/ast.ts'
import { parseFilter, parsePath } from '../core/path/parse.ts'
import type { RecordValue } from '../sdk/node-type.ts'
import type { Db } from '../store/db.ts'
import { isRecordId } from './checks/record.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { leadsOn } from './leads-on.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { recordValue } from './record-value.ts'
import { compileFilter, type FilterTarget } from './sql/filter.ts'
import { columnOf, tableOf } from './sql/names.ts'
import { openParams, type Params } from './sql/params.ts'

export const maxPage = 10_000

export interface RecordQuery {
  collection: string
  permissions: RowPermissions
  /** As inside the brackets of a path. */
  where?: string | Filter
  /** Each leads on to at least one record: `[status = 'running'].host[zone = 'eu']`. */
  conditions?: readonly string[]
  /** Fuzzy: every word stands somewhere in the id, the label or a text field, in any case. */
  q?: string
  /** Field names by comma, `-name` downwards; records without a value come last. Default: label, then id. */
  sort?: string
  /** Default 100, at most 10,000. */
  limit?: number
  offset?: number
}

export interface RecordPage {
  records: RecordValue[]
  /** There are more after these. */
  more: boolean
}

/** Throws AppError `not-found` for the collection, `invalid-path` for `where`, `bad-request` for `sort` and the numbers. */
export async function listRecords(db: Db, query: RecordQuery): Promise<RecordPage> {
  const schemas = await loadCollectionSchemas(db)
  const collection = requireCollection(schemas, query.collection)
  const limit = wholeNumber(query.limit ?? 100, { name: 'limit', max: maxPage })
  const offset = wholeNumber(query.offset ?? 0, { name: 'offset', max: Number.MAX_SAFE_INTEGER })
  const params = openParams()
  const where = whereSql(query, { collection, alias: 't', params, schemas })
  const text = `select to_jsonb(t) as row from ${tableOf(collection.key)} t
    where ${where} order by ${order(collection, query.sort)}
    limit ${params.add(limit + 1, 'bigint')} offset ${params.add(offset, 'bigint')}`
  const rows = await db.query<{ row: JsonObject }>(text, params.values)
  const records = rows.slice(0, limit).map(({ row }) => recordValue(collection, row))
  return { records, more: rows.length > limit }
}

/** How many records `query` selects; its paging does not matter. */
export async function countRecords(db: Db, query: RecordQuery): Promise<number> {
  const schemas = await loadCollectionSchemas(db)
  const collection = requireCollection(schemas, query.collection)
  const params = openParams()
  const where = whereSql(query, { collection, alias: 't', params, schemas })
  const text = `select count(*)::float8 as count from ${tableOf(collection.key)} t where ${where}`
  const [row] = await db.query<{ count: number }>(text, params.values)
  return row?.count ?? 0
}

/** Undefined when there is no such record, or when it may not be seen. */
export async function getRecord(
  db: Db,
  { collection: key, id, permissions }: { collection: string; id: string; permissions: RowPermissions },
): Promise<RecordValue | undefined> {
  const [record] = await getRecords(db, { collection: key, ids: [id], permissions })
  return record
}

/** Those of `ids` that exist and may be seen, in the order of `ids`. */
export async function getRecords(
  db: Db,
  { collection: key, ids, permissions }: { collection: string; ids: string[]; permissions: RowPermissions },
): Promise<RecordValue[]> {
  const collection = requireCollection(await loadCollectionSchemas(db), key)
  const params = openParams()
  const wanted = params.add(ids.filter(isRecordId), 'text[]')
  const rows = await db.query<{ row: JsonObject }>(
    `select to_jsonb(t) as row from ${tableOf(key)} t
     where t.id = any (${wanted}) and ${permissionSql(permissions, { collection, alias: 't', params })}
     order by array_position(${wanted}, t.id)`,
    params.values,
  )
  return rows.map(({ row }) => recordValue(collection, row))
}

/** Those of `ids` that exist and may be seen. */
export async function visibleIds(
  db: Db,
  { collection: key, ids, permissions }: { collection: string; ids: string[]; permissions: RowPermissions },
): Promise<string[]> {
  const collection = requireCollection(await loadCollectionSchemas(db), key)
  const params = openParams()
  const rows = await db.query<{ id: string }>(
    `select t.id from ${tableOf(key)} t where t.id = any (${params.add(ids.filter(isRecordId), 'text[]')})
       and ${permissionSql(permissions, { collection, alias: 't', params })}`,
    params.values,
  )
  return rows.map(({ id }) => id)
}

function whereSql(
  query: RecordQuery,
  { schemas, ...target }: FilterTarget & { schemas: CollectionSchemas },
): string {
  const all = [permissionSql(query.permissions, target)]
  if (query.where) {
    all.push(compileFilter(typeof query.where === 'string' ? parseFilter(query.where) : query.where, target))
  }
  const way = { permissions: query.permissions, schemas }
  for (const [n, condition] of (query.conditions ?? []).entries())
    all.push(conditionSql(condition, n, (path) => leadsOn({ ...way, path }, target)))
  all.push(...searchSql(query.q ?? '', target))
  return all.join(' and ')
}

function conditionSql(condition: string, n: number, compile: (path: Path) => string): string {
  try {
    return compile(parsePath(condition))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const details = { ...error.details, pointer: `/conditions/${n}` }
    throw new AppError(error.code, error.message, { ...details, cause: error })
  }
}

function searchSql(q: string, { collection, alias, params }: FilterTarget): string[] {
  const texts = collection.fields.filter((field) => field.type === 'text' || field.type === 'select')
  const columns = ['id', 'label', ...texts.map((field) => columnOf(collection, field.key))]
  const all = `concat_ws(' ', ${columns.map((column) => `${alias}.${column}`).join(', ')})`
  return words(q).map((word) => `${all} ilike ${likeParameter(word, params)}`)
}

function words(q: string): string[] {
  return q
    .replaceAll('\0', ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
}

function likeParameter(word: string, params: Params): string {
  return params.add(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`, 'text')
}

function order(collection: CollectionSchema, sort: string | undefined): string {
  const columns = (sort ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const name = part.replace(/^-/, '')
      const field = findField(collection, name)
      if (!field || field.type === 'json') {
        throw new AppError('bad-request', `Records of ${collection.key} cannot be sorted by ${name}`, {
          pointer: '/sort',
        })
      }
      return `t.${columnOf(collection, name)} ${part.startsWith('-') ? 'desc' : 'asc'} nulls last`
    })
  return [...columns, 't.label', 't.id'].join(', ')
}

function wholeNumber(value: number, { name, max }: { name: string; max: number }): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value
  throw new AppError('bad-request', `${name} is a whole number from 0 to ${max}`, { pointer: `/${name}` })
}
