// The records API that node types get, bound to one principal and one execution.
import type { JsonObject } from '../core/json.ts'
import type { Records } from '../sdk/node-type.ts'
import type { Db } from '../store/db.ts'
import type { RowPermissions } from './permissions.ts'
import { getRecord, listRecords } from './records.ts'
import { createRecord, deleteRecord, updateRecord } from './write-records.ts'

/** `ancestry`: the executions that led here, the nearest last; stored with every captured change. */
export function recordsFor(
  db: Db,
  { permissions, ancestry }: { permissions: RowPermissions; ancestry: JsonObject[] },
): Records {
  const writer = { permissions, ancestry }
  return {
    create: (collection, values) => createRecord(db, { ...writer, collection, values }),
    update: (collection, id, values) => updateRecord(db, { ...writer, collection, id, values }),
    remove: (collection, id) => deleteRecord(db, { ...writer, collection, id }),
    get: (collection, id) => getRecord(db, { collection, id, permissions }),
    async query(collection, options) {
      return (await listRecords(db, { ...options, collection, permissions })).records
    },
  }
}
