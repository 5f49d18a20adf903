// Tasks as inboxes show them.
import type { Json, JsonObject } from '../core/json.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { type Visible, type Where, where } from './where.ts'

export interface TaskRow {
  id: string
  kind: 'manual' | 'approval' | 'choice'
  title: string
  description: string | null
  status: 'open' | 'done' | 'canceled'
  assignees: string[]
  form: JsonObject | null
  options: string[] | null
  answer: Json
  execution: string
  run: string
  attempt: number
  workflow: string
  workflowTitle: string | null
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
  startedBy: string
  createdAt: Date
  dueAt: Date | null
  endedAt: Date | null
  endedBy: string | null
}

const columns = `t.id, t.kind, t.title, t.description, t.status, t.assignees, t.form, t.options, t.answer,
  t.execution_id as execution, t.run, t.attempt, e.workflow, w.title as "workflowTitle",
  e.target_collection as "targetCollection", e.target_id as "targetId", e.target_label as "targetLabel",
  e.started_by as "startedBy", t.created_at as "createdAt", t.due_at as "dueAt", t.ended_at as "endedAt",
  t.ended_by as "endedBy"`
const from = `fermata.tasks t join fermata.executions e on e.id = t.execution_id
  left join fermata.workflows w on w.key = e.workflow`

/** Who looks: the user's name and roles as assignees are written, and the workflows open to the user. */
export interface TaskViewer {
  name: string
  /** `alice`, `role:ops` … */
  assignees: readonly string[]
  viewable: Visible
  runnable: Visible
}

export interface TaskFilter {
  viewer: TaskViewer
  box: 'mine' | 'done' | 'all'
  status?: TaskRow['status']
  execution?: string
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listTasks(db: Db, filter: TaskFilter): Promise<{ items: TaskRow[]; next?: string }> {
  const w = where()
  addBox(w, filter)
  w.if(filter.status, (p) => `t.status = ${p}`)
  w.if(filter.execution, (p) => `t.execution_id = ${p}::bigint`)
  if (filter.cursor) {
    const [id] = decodeCursor(filter.cursor, 1)
    w.and(`t.id < ${w.param(id)}::bigint`)
  }
  const rows = await db.query<TaskRow>(
    `select ${columns} from ${from} ${w.text()} order by t.id desc limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.id))
}

function addBox(w: Where, { box, viewer }: TaskFilter): void {
  if (box === 'done') return w.and(`t.ended_by = ${w.param(viewer.name)}`)
  const named = `t.assignees && ${w.param(viewer.assignees)}::text[]`
  const openTo = (list: Visible) => (list === 'all' ? 'true' : `e.workflow = any(${w.param(list)})`)
  if (box === 'all') return w.and(`(${named} or ${openTo(viewer.viewable)})`)
  w.and(`(${named} or (t.assignees = '{}' and ${openTo(viewer.runnable)}))`)
}

export async function findTask(db: Db, id: string): Promise<TaskRow | undefined> {
  const [row] = await db.query<TaskRow>(`select ${columns} from ${from} where t.id = $1`, [id])
  return row
}

/** The open tasks of an execution by the run that waits for them. */
export async function openTasksOf(db: Db, execution: string): Promise<Map<string, TaskRow>> {
  const rows = await db.query<TaskRow>(
    `select ${columns} from ${from} where t.execution_id = $1 and t.status = 'open'`,
    [execution],
  )
  return new Map(rows.map((row) => [row.run, row]))
}
