// Workflows: the thing with a name. Their documents are in `versions.ts`.
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { containing, type Visible, where } from './where.ts'

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

const columns = `w.key, w.title, w.description, w.kind, w.target_collection as "targetCollection", w.enabled,
  w.published_version as published, d.version as draft, w.created_by as "createdBy", w.created_at as "createdAt",
  w.updated_by as "updatedBy", w.updated_at as "updatedAt"`
const from = `fermata.workflows w
  left join fermata.workflow_versions d on d.workflow = w.key and d.state = 'draft'`

const stateConditions: Record<WorkflowState, string> = {
  draft: 'w.enabled and w.published_version is null',
  published: 'w.enabled and w.published_version is not null',
  disabled: 'not w.enabled',
}

export function workflowState(row: Pick<WorkflowRow, 'enabled' | 'published'>): WorkflowState {
  if (!row.enabled) return 'disabled'
  return row.published === null ? 'draft' : 'published'
}

export interface WorkflowFilter {
  visible: Visible
  kind?: 'main' | 'sub'
  state?: WorkflowState
  q?: string
  cursor?: string
  limit: number
}

/** Last changed first. */
export async function listWorkflows(
  db: Db,
  filter: WorkflowFilter,
): Promise<{ items: WorkflowRow[]; next?: string }> {
  const w = where()
  if (filter.visible !== 'all') w.and(`w.key = any(${w.param(filter.visible)})`)
  w.if(filter.kind, (kind) => `w.kind = ${kind}`)
  if (filter.state) w.and(stateConditions[filter.state])
  w.if(filter.q && containing(filter.q), (q) => `(w.key ilike ${q} or w.title ilike ${q})`)
  if (filter.cursor) {
    const [at, key] = decodeCursor(filter.cursor, 2)
    w.and(`(w.updated_at, w.key) < (${w.param(at)}::timestamptz, ${w.param(key)})`)
  }
  const rows = await db.query<WorkflowRow & { at: string }>(
    `select ${columns}, w.updated_at::text as at from ${from} ${w.text()}
     order by w.updated_at desc, w.key desc limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.at, row.key))
}

export async function findWorkflow(db: Db, key: string): Promise<WorkflowRow | undefined> {
  const text = `select ${columns} from ${from} where w.key = $1`
  const [row] = await db.query<WorkflowRow>(text, [key], 'find_workflow')
  return row
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
