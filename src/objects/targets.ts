// Records a workflow may be run on, and records related to one.
import type { RecordValue } from '../sdk/node-type.ts'
import type { Db } from '../store/db.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { evaluatePath, requireVisible } from './evaluate-path.ts'
import type { RowPermissions } from './permissions.ts'
import { listRecords } from './records.ts'

export interface TargetRequest {
  collection: string
  permissions: RowPermissions
  /** Fuzzy search as in `listRecords`. */
  q?: string
  /** Default 100. */
  limit?: number
}

export interface Candidate {
  id: string
  label: string
  /** What the CEL filter of `document.target` sees as `record`. */
  record: RecordValue
}

/** By label. The caller drops those that the target's own filter refuses. */
export async function listTargets(db: Db, request: TargetRequest): Promise<Candidate[]> {
  const { records } = await listRecords(db, request)
  return records.map((record) => ({ id: record.id, label: record.label, record }))
}

export interface Related {
  relation: string
  collection: string
  toOne: boolean
  records: Array<{ id: string; label: string }>
  truncated: boolean
}

/** What each relation of one record leads to; one statement per relation. Throws AppError `not-found`. */
export async function relatedRecords(
  db: Db,
  { collection: key, id, permissions, limit = 50 }: Omit<TargetRequest, 'q'> & { id: string },
): Promise<Related[]> {
  const collection = requireCollection(await loadCollectionSchemas(db), key)
  await requireVisible(db, { from: key, id, permissions })
  const related: Related[] = []
  for (const { name } of collection.relations) {
    const path = { steps: [{ name, span: [0, 0] as const }] }
    const found = await evaluatePath(db, { path, from: key, id, permissions, limit })
    related.push({ relation: name, ...found })
  }
  return related
}
