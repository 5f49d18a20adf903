// Which live execution holds which records (rule 33). Taking is one statement: all records, or none.
import type { Db } from '../store/db.ts'

export interface RecordRef {
  collection: string
  id: string
}

export interface LockAnswer {
  taken: boolean
  /** What stands in the way, when nothing was taken. */
  held?: Array<RecordRef & { execution: string }>
}

/** Records that the execution or one it descends from holds already are not in its way. */
export async function takeLocks(
  db: Db,
  executionId: string,
  records: readonly RecordRef[],
): Promise<LockAnswer> {
  return takeChildLocks(db, { id: executionId }, records)
}

/** For a child execution that is not stored yet: its parent is named, so that it does not wait for it for ever. */
export async function takeChildLocks(
  db: Db,
  child: { id: string; parent?: string },
  records: readonly RecordRef[],
): Promise<LockAnswer> {
  const held = await db.query<{ collection: string; record_id: string; execution_id: string }>(
    'select * from fermata.take_locks($1, $2, $3, $4)',
    [
      child.id,
      child.parent ?? null,
      records.map((record) => record.collection),
      records.map((record) => record.id),
    ],
  )
  if (held.length === 0) return { taken: true }
  return {
    taken: false,
    held: held.map((row) => ({ collection: row.collection, id: row.record_id, execution: row.execution_id })),
  }
}

/** Answers how many records were let go. */
export async function releaseLocks(db: Db, executionId: string): Promise<number> {
  return db.run('delete from fermata.locks where execution_id = $1', [executionId])
}
