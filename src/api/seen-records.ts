// Records are shown by row permission wherever they are named: an execution, a task or a schedule on a record that
// the caller may not see is shown without it, and not found by it.
import { type Caller, rowPermissionsFor } from '../access/permissions.ts'
import { findCollection } from '../core/collections.ts'
import { loadCollectionSchemas } from '../objects/collection-schemas.ts'
import { getRecords } from '../objects/records.ts'
import { seenTargets } from '../objects/seen-targets.ts'
import { rowsOf } from '../runtime/wiring/row-permissions.ts'
import type { Db } from '../store/db.ts'
import type { SeenTargets } from '../store/where.ts'

export interface TargetColumns {
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
}

const isRestricted = (caller: Caller, collection: string): boolean => {
  const rule = rowPermissionsFor(caller).get(collection)
  return rule !== undefined && rule !== 'all'
}

/** The same rows, without targets that the caller may not see. One statement per collection with a rule. */
export async function withSeenTargets<R extends TargetColumns>(
  db: Db,
  caller: Caller,
  rows: readonly R[],
): Promise<R[]> {
  const asked = new Map<string, Set<string>>()
  for (const { targetCollection: collection, targetId: id } of rows) {
    if (collection === null || id === null || !isRestricted(caller, collection)) continue
    asked.set(collection, (asked.get(collection) ?? new Set()).add(id))
  }
  const seen = new Map<string, ReadonlySet<string>>()
  for (const [collection, ids] of asked)
    seen.set(collection, await seenRecords(db, caller, { collection, ids: [...ids] }))
  const isHidden = (row: R) => seen.get(row.targetCollection ?? '')?.has(row.targetId ?? '') === false
  return rows.map((row) =>
    isHidden(row) ? { ...row, targetCollection: null, targetId: null, targetLabel: null } : row,
  )
}

/** For the filter of a list; nothing for those who may see every record. */
export async function seenBy(db: Db, caller: Caller): Promise<{ seen?: SeenTargets }> {
  const rules = [...rowPermissionsFor(caller).keys()]
  const restricted = rules.filter((collection) => isRestricted(caller, collection))
  if (restricted.length === 0) return {}
  const schemas = await loadCollectionSchemas(db)
  return { seen: seenTargets(schemas, { permissions: rowsOf(caller), restricted }) }
}

/** Those of the records that the caller may see; without a rule on the collection also those that are gone. */
export async function seenRecords(
  db: Db,
  caller: Caller,
  { collection, ids }: { collection: string; ids: readonly string[] },
): Promise<ReadonlySet<string>> {
  if (!isRestricted(caller, collection)) return new Set(ids)
  if (!findCollection(await loadCollectionSchemas(db), collection)) return new Set()
  const records = await getRecords(db, { collection, ids: [...ids], permissions: rowsOf(caller) })
  return new Set(records.map(({ id }) => id))
}
