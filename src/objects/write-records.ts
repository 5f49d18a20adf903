// Creating, changing and deleting records. A person may only write what they may see, before and after.
import { randomBytes } from 'node:crypto'
import type { CollectionSchema } from '../core/collections.ts'
import { AppError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { RecordValue } from '../sdk/node-type.ts'
import type { Db } from '../store/db.ts'
import { type CheckedRecord, checkRecord, isRecordId, recordProblem } from './checks/record.ts'
import { throwFirst } from './checks/shape.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { recordValue } from './record-value.ts'
import { explainWrite } from './sql/explain-write.ts'
import { checkReferences, replaceLinks } from './sql/links.ts'
import { quoteName, tableOf } from './sql/names.ts'
import { openParams } from './sql/params.ts'

/** Who writes: their row permissions, and which executions led to this (kept with the captured change, rule 36). */
export interface Writer {
  permissions: RowPermissions
  ancestry?: JsonObject[]
}

export const maxBatch = 10_000

/** Throws AppError `invalid-record` with a pointer, `already-exists`, or `forbidden` when the writer may not have such a record. */
export async function createRecord(
  db: Db,
  { collection, values, ...writer }: Writer & { collection: string; values: JsonObject },
): Promise<RecordValue> {
  const [record] = await insertRecords(db, { collection, records: [values], ...writer }, '')
  if (!record) throw new AppError('internal', 'PostgreSQL did not answer with the new record')
  return record
}

/** All or none, in one statement; records of one batch may refer to each other. Pointers begin with the index. */
export async function createRecords(
  db: Db,
  batch: Writer & { collection: string; records: readonly JsonObject[] },
): Promise<RecordValue[]> {
  return insertRecords(db, batch)
}

/** Changes the fields named in `values`. Throws as `createRecord`, and `not-found`. */
export async function updateRecord(
  db: Db,
  { collection: key, id, values, ...writer }: Writer & { collection: string; id: string; values: JsonObject },
): Promise<RecordValue> {
  return writing(db, { key, writer }, async (tx, collection) => {
    const checked = checkOne(collection, values, { mode: 'update', at: '' })
    throwFirst('invalid-record', checked.problems)
    await checkReferences(tx, { collection, checked: [checked], permissions: writer.permissions })
    const row = await updateRow(tx, { collection, id, row: checked.row, permissions: writer.permissions })
    await replaceLinks(tx, { collection, ids: [id], checked: [checked], permissions: writer.permissions })
    return recordValue(collection, row)
  })
}

/** Throws AppError `not-found`, or `in-use` when records refer to it. */
export async function deleteRecord(
  db: Db,
  { collection: key, id, ...writer }: Writer & { collection: string; id: string },
): Promise<void> {
  await writing(db, { key, writer }, async (tx, collection) => {
    if (!isRecordId(id)) throw unknownRecord(collection, id)
    const params = openParams()
    const permission = permissionSql(writer.permissions, { collection, alias: 't', params })
    const text = `delete from ${tableOf(key)} t where t.id = ${params.add(id, 'text')} and ${permission}`
    if ((await tx.run(text, params.values)) === 0) throw unknownRecord(collection, id)
  })
}

async function insertRecords(
  db: Db,
  { collection: key, records, ...writer }: Writer & { collection: string; records: readonly JsonObject[] },
  at?: string,
): Promise<RecordValue[]> {
  if (records.length > maxBatch)
    throw new AppError('limit-exceeded', `A batch has at most ${maxBatch} records`)
  if (records.length === 0) return []
  return writing(db, { key, writer }, async (tx, collection) => {
    const checked = records.map((values, index) =>
      checkOne(collection, values, { mode: 'create', at: at ?? `/${index}` }),
    )
    const problems = checked.flatMap((each) => each.problems)
    throwFirst('invalid-record', problems)
    for (const { row } of checked) row.id ??= randomBytes(10).toString('hex')
    const { permissions } = writer
    await checkReferences(tx, { collection, checked, permissions })
    const rows = await insertRows(tx, { collection, checked, permissions })
    const ids = checked.map(({ row }) => String(row.id))
    await replaceLinks(tx, { collection, ids, checked, permissions })
    const byId = new Map(rows.map((row) => [String(row.id), recordValue(collection, row)]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  })
}

async function writing<T>(
  db: Db,
  { key, writer }: { key: string; writer: Writer },
  work: (tx: Db, collection: CollectionSchema) => Promise<T>,
): Promise<T> {
  const collection = requireCollection(await loadCollectionSchemas(db), key)
  return db.transaction(async (tx) => {
    const ancestry = writer.ancestry ? JSON.stringify(writer.ancestry) : ''
    await tx.query("select set_config('fermata.ancestry', $1, true)", [ancestry])
    return work(tx, collection).catch((error: unknown) => explainWrite(error, collection))
  })
}

function checkOne(
  collection: CollectionSchema,
  values: unknown,
  place: { mode: 'create' | 'update'; at: string },
): CheckedRecord {
  if (isJsonObject(values)) return checkRecord(collection, values, place)
  return { row: {}, references: [], links: [], problems: [recordProblem('A record is an object', place.at)] }
}

interface Insert {
  collection: CollectionSchema
  checked: CheckedRecord[]
  permissions: RowPermissions
}

async function insertRows(db: Db, { collection, checked, permissions }: Insert): Promise<JsonObject[]> {
  const columns = [...new Set(checked.flatMap(({ row }) => Object.keys(row)))]
  const table = tableOf(collection.key)
  const names = columns.map(quoteName).join(', ')
  const params = openParams()
  const rows = params.add(JSON.stringify(checked.map(({ row }) => row)), 'jsonb')
  const allowed = permissionSql(permissions, { collection, alias: 't', params })
  const text = `insert into ${table} as t (${names})
    select ${names} from jsonb_populate_recordset(null::${table}, ${rows})
    returning to_jsonb(t) as row, ${allowed} as allowed`
  return refuseForbidden(await db.query<WrittenRow>(text, params.values), collection)
}

interface WrittenRow {
  row: JsonObject
  allowed: boolean | null
}

interface Update {
  collection: CollectionSchema
  id: string
  row: JsonObject
  permissions: RowPermissions
}

async function updateRow(db: Db, { collection, id, row, permissions }: Update): Promise<JsonObject> {
  if (!isRecordId(id)) throw unknownRecord(collection, id)
  const columns = Object.keys(row).map(quoteName)
  // Nothing to set still has to find the record, and hold it.
  const sets =
    columns.length > 0 ? columns.map((name) => `${name} = r.${name}`).join(', ') : 'updated_at = t.updated_at'
  const params = openParams()
  const table = tableOf(collection.key)
  const values = params.add(JSON.stringify(row), 'jsonb')
  const permission = permissionSql(permissions, { collection, alias: 't', params })
  const text = `update ${table} as t set ${sets}
    from jsonb_populate_record(null::${table}, ${values}) r
    where t.id = ${params.add(id, 'text')} and ${permission}
    returning to_jsonb(t) as row, ${permission} as allowed`
  const [updated] = refuseForbidden(await db.query<WrittenRow>(text, params.values), collection)
  if (!updated) throw unknownRecord(collection, id)
  return updated
}

function refuseForbidden(written: WrittenRow[], collection: CollectionSchema): JsonObject[] {
  if (written.some(({ allowed }) => allowed !== true)) {
    throw new AppError('forbidden', `You may not have such a record of ${collection.key}`)
  }
  return written.map(({ row }) => row)
}

function unknownRecord(collection: CollectionSchema, id: string): AppError {
  return new AppError('not-found', `${collection.key} has no record ${id}`)
}
