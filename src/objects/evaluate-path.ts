import { AppError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Path } from '../core/path/ast.ts'
import { parsePath } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { isRecordId } from './checks/record.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { compilePath } from './compile-path.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { fieldValue } from './record-value.ts'
import { tableOf } from './sql/names.ts'
import { openParams } from './sql/params.ts'

export interface PathStart {
  path: string | Path
  /** The collection and id of the record the path starts from: the target. */
  from: string
  id: string
  permissions: RowPermissions
  /** Default 10,000: what one binding may hold. */
  limit?: number
}

export interface PathResult {
  collection: string
  /** By label, then id; each once. */
  records: Array<{ id: string; label: string }>
  /** The path leads to one record at most, whatever the data. */
  toOne: boolean
  /** There are more than `limit`. */
  truncated: boolean
  /** Of a path that ends with a field: its value for each record. */
  values?: Json[]
}

export const maxBoundRecords = 10_000

interface Row {
  id: string
  label: string
  value?: Json
}

/** Throws AppError `invalid-path` with a span, `not-found` when the first record is gone or may not be seen. */
export async function evaluatePath(db: Db, start: PathStart): Promise<PathResult> {
  if (!isRecordId(start.id)) throw unknownRecord(start)
  const schemas = await loadCollectionSchemas(db)
  const path = typeof start.path === 'string' ? parsePath(start.path) : start.path
  const limit = start.limit ?? maxBoundRecords
  const compiled = compilePath({ ...start, path, limit: limit + 1 }, schemas)
  const rows = await db.query<Row>(compiled.text, compiled.values)
  if (rows.length === 0) await requireVisible(db, start)
  const kept = rows.slice(0, limit)
  const { collection, toOne, field } = compiled
  return {
    collection,
    records: kept.map(({ id, label }) => ({ id, label })),
    toOne,
    truncated: rows.length > limit,
    ...(field ? { values: kept.map(({ value }) => fieldValue(field.type, value ?? null)) } : {}),
  }
}

/** Nothing found is an answer, but not when the record to start from is missing. Returns its label. */
export async function requireVisible(
  db: Db,
  start: Pick<PathStart, 'from' | 'id' | 'permissions'>,
): Promise<{ id: string; label: string }> {
  const { from, id, permissions } = start
  const collection = requireCollection(await loadCollectionSchemas(db), from)
  if (!isRecordId(id)) throw unknownRecord(start)
  const params = openParams()
  const permission = permissionSql(permissions, { collection, alias: 't', params })
  const [row] = await db.query<{ id: string; label: string }>(
    `select t.id, t.label from ${tableOf(from)} t
     where t.id = ${params.add(id, 'text')} and ${permission}`,
    params.values,
  )
  if (!row) throw unknownRecord(start)
  return row
}

function unknownRecord({ from, id }: Pick<PathStart, 'from' | 'id'>): AppError {
  return new AppError('not-found', `${from} has no record ${id}`)
}
