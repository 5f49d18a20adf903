// Workflows: the thing with a name. Their documents are in `versions.ts`, lists of them in `workflows-list.ts`.
import type { Db } from './db.ts'

export interface WorkflowRow {
  key: string
  title: string
  description: string | null
  kind: 'main' | 'sub'
  targetCollection: string | null
  enabled: boolean
  published: number | null
  draft: number | null
  createdBy: string
  createdAt: Date
  updatedBy: string
  updatedAt: Date
}

export type WorkflowState = 'draft' | 'published' | 'disabled'

/** Of a `WorkflowRow`, out of `from`. */
export const columns = `w.key, w.title, w.description, w.kind, w.target_collection as "targetCollection", w.enabled,
  w.published_version as published, d.version as draft, w.created_by as "createdBy", w.created_at as "createdAt",
  w.updated_by as "updatedBy", w.updated_at as "updatedAt"`
export const from = `fermata.workflows w
  left join fermata.workflow_versions d on d.workflow = w.key and d.state = 'draft'`

export function workflowState(row: Pick<WorkflowRow, 'enabled' | 'published'>): WorkflowState {
  if (!row.enabled) return 'disabled'
  return row.published === null ? 'draft' : 'published'
}

export async function findWorkflow(db: Db, key: string): Promise<WorkflowRow | undefined> {
  const [row] = await findWorkflows(db, [key])
  return row
}

/** In the order of their keys. */
export async function findWorkflows(db: Db, keys: readonly string[]): Promise<(WorkflowRow | undefined)[]> {
  const text = `select ${columns} from ${from} where w.key = any($1)`
  const rows = await db.query<WorkflowRow>(text, [[...new Set(keys)]], 'find_workflows')
  const found = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => found.get(key))
}

/** False when there is no such workflow. */
export async function setEnabled(
  db: Db,
  key: string,
  change: { enabled: boolean; by: string },
): Promise<boolean> {
  const changed = await db.run(
    'update fermata.workflows set enabled = $2, updated_by = $3, updated_at = now() where key = $1',
    [key, change.enabled, change.by],
  )
  return changed > 0
}
