// Executions are named only to those who may see them: one that was started by another, or started it, is shown without
// the id of the other where the caller has no grant on its workflow.
import { type Caller, mayOnWorkflow, visibleWorkflows } from '../access/permissions.ts'
import type { NodeDocument } from '../core/document.ts'
import { isJsonObject } from '../core/json.ts'
import type { Db } from '../store/db.ts'
import { findVisible } from '../store/executions-read.ts'
import type { NodeRunRow } from '../store/node-runs-read.ts'
import { type TargetColumns, withSeenTargets } from './seen-records.ts'

/** Those of the executions that the caller may see. */
export async function seenExecutions(
  db: Db,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const visible = visibleWorkflows(caller)
  if (visible === 'all' || ids.length === 0) return new Set(ids)
  return new Set(await findVisible(db, ids, visible))
}

interface Columns extends TargetColumns {
  parentId: string | null
  parentRun: string | null
}

/** The same executions, without parents and targets that the caller may not see. */
export async function asSeen<R extends Columns>(db: Db, caller: Caller, rows: readonly R[]): Promise<R[]> {
  const parents = rows.flatMap(({ parentId }) => parentId ?? [])
  const seen = await seenExecutions(db, caller, [...new Set(parents)])
  const shown = await withSeenTargets(db, caller, rows)
  return shown.map((row) =>
    row.parentId === null || seen.has(row.parentId) ? row : { ...row, parentId: null, parentRun: null },
  )
}

/** Nodes that start executions of which the caller may see none; of a key that is worked out then, nobody knows. */
export const startsUnseen = (node: NodeDocument, caller: Caller): boolean =>
  node.type === 'workflow' && !mayOnWorkflow(caller, String(node.config?.workflow), 'view')

/** What a node run tells of the execution it started, without its id. */
export function withoutChild(row: NodeRunRow, node: NodeDocument): NodeRunRow {
  const { error } = row
  const details = isJsonObject(error?.details) ? { ...error.details, execution: null } : undefined
  return {
    ...row,
    // All that is known of one that is not waited for.
    ...(node.config?.wait === false && row.output !== null ? { output: { id: null } } : {}),
    ...(error && details ? { error: { ...error, details } } : {}),
  }
}
