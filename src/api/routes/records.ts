import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { getRecord, listRecords } from '../../objects/records.ts'
import { createRecord, deleteRecord, updateRecord } from '../../objects/write-records.ts'
import { rowsOf } from '../../runtime/wiring/row-permissions.ts'
import type { RecordValue } from '../../sdk/node-type.ts'
import { decodeCursor, encodeCursor } from '../../store/cursor.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/records.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'

export function recordRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listRecords, (call) => list(db, call)),
    handle(contract.getRecord, async ({ params, caller }) => {
      const { key: collection, id } = params
      const record = await getRecord(db, { collection, id, permissions: rowsOf(caller) })
      if (!record) throw new AppError('not-found', `There is no record ${id} in ${collection}`)
      return recordView(record)
    }),
    handle(contract.createRecord, async ({ params, body, caller }) =>
      recordView(
        await createRecord(db, { collection: params.key, values: body.values, permissions: rowsOf(caller) }),
      ),
    ),
    handle(contract.updateRecord, async ({ params, body, caller }) => {
      const { key: collection, id } = params
      return recordView(
        await updateRecord(db, { collection, id, values: body.values, permissions: rowsOf(caller) }),
      )
    }),
    handle(contract.deleteRecord, async ({ params, caller }) => {
      await deleteRecord(db, { collection: params.key, id: params.id, permissions: rowsOf(caller) })
      return {}
    }),
  ]
}

async function list(db: Db, { params, query, caller }: Call<typeof contract.listRecords>) {
  const { cursor, limit = 50, ...filter } = query
  const offset = cursor === undefined ? 0 : offsetOf(cursor)
  const { records, more } = await listRecords(db, {
    ...filter,
    collection: params.key,
    permissions: rowsOf(caller),
    limit,
    offset,
  })
  return { items: records.map(recordView), ...(more ? { next: encodeCursor(offset + limit) } : {}) }
}

function offsetOf(cursor: string): number {
  const [text] = decodeCursor(cursor, 1)
  const offset = Number(text)
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new AppError('bad-request', 'This cursor was not made by this server', { pointer: '/cursor' })
}

export function recordView({ id, label, collection, ...values }: RecordValue): contract.DataRecord {
  return { id, label, collection, values: values as JsonObject }
}
