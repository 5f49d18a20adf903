// Executions as lists and pages show them; the engine's own reads and writes are elsewhere.
import type { Json, JsonObject } from '../core/json.ts'
import type { RunError } from '../core/outcome.ts'
import { readSnapshot } from '../core/snapshot.ts'
import type { State } from '../core/state.ts'
import type { ExecutionStatus } from '../core/statuses.ts'
import type { Db } from './db.ts'
import { type Visible, where } from './where.ts'

export interface ExecutionRow {
  id: string
  workflow: string
  workflowTitle: string | null
  version: number
  status: ExecutionStatus
  waiting: boolean
  attention: boolean
  test: boolean
  reason: string | null
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
  trigger: string
  startedBy: string
  parentId: string | null
  parentRun: string | null
  /** What starts executions again and again: `schedule:12`, `batch:7`. */
  origin: string | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  seq: number
}

export interface ExecutionHeadRow extends ExecutionRow {
  snapshot: State
  inputs: JsonObject | null
  output: Json
  /** Nodes that were started; null as long as the execution has not ended. */
  started: string[] | null
  /** An `end` node that fails leaves no kind. */
  error: (Omit<RunError, 'kind'> & Partial<RunError>) | null
}

/** As the index `executions_by_origin` has them. */
export const hasOrigin = `(e.dedup_key like 'schedule:%' or e.dedup_key like 'batch:%')`
export const originOf = `(split_part(e.dedup_key, ':', 1) || ':' || split_part(e.dedup_key, ':', 2))`

/** Of an `ExecutionRow`, out of `from`. */
export const columns = `e.id, e.workflow, w.title as "workflowTitle", e.version, e.status, e.waiting, e.attention, e.test,
  e.reason, e.target_collection as "targetCollection", e.target_id as "targetId", e.target_label as "targetLabel",
  e.trigger, e.started_by as "startedBy", e.parent_id as "parentId", e.parent_run as "parentRun",
  case when ${hasOrigin} then ${originOf} end as origin,
  e.created_at as "createdAt", e.started_at as "startedAt", e.ended_at as "endedAt", e.seq`
export const from = 'fermata.executions e left join fermata.workflows w on w.key = e.workflow'

export async function findExecution(db: Db, id: string): Promise<ExecutionHeadRow | undefined> {
  const [row] = await findExecutions(db, [id])
  return row
}

/** In the order of `ids`; undefined for those that do not exist. */
export async function findExecutions(
  db: Db,
  ids: readonly string[],
): Promise<(ExecutionHeadRow | undefined)[]> {
  const rows = await db.query<ExecutionHeadRow>(
    `select ${columns}, e.snapshot, e.inputs, e.output, e.error, case when e.ended_at is not null then
       array(select distinct node from fermata.all_node_runs where execution_id = e.id) end as started
     from ${from} where e.id = any($1::bigint[])`,
    [ids],
    'find_executions',
  )
  const byId = new Map(rows.map((row) => [row.id, { ...row, snapshot: readSnapshot(row.snapshot) }]))
  return ids.map((id) => byId.get(id))
}

/** The workflow an execution belongs to. */
export async function findExecutionWorkflow(db: Db, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ workflow: string }>(
    'select workflow from fermata.executions where id = $1',
    [id],
    'find_execution_workflow',
  )
  return row?.workflow
}

/** Those of the executions that belong to these workflows. */
export async function findVisible(
  db: Db,
  ids: readonly string[],
  workflows: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from fermata.executions where id = any($1::bigint[]) and workflow = any($2)',
    [ids, workflows],
    'find_visible_executions',
  )
  return rows.map(({ id }) => id)
}

/** How far an execution has come. */
export async function findSeq(db: Db, id: string): Promise<{ seq: number; ended: boolean } | undefined> {
  const [row] = await db.query<{ seq: number; ended: boolean }>(
    'select seq, ended_at is not null as ended from fermata.executions where id = $1',
    [id],
  )
  return row
}

/** Which of these executions one may see, as they are now. */
export async function findExecutionRows(
  db: Db,
  ids: readonly string[],
  visible: Visible,
): Promise<ExecutionRow[]> {
  const w = where()
  w.and(`e.id = any(${w.param(ids)}::bigint[])`)
  if (visible !== 'all') w.and(`e.workflow = any(${w.param(visible)})`)
  return db.query<ExecutionRow>(`select ${columns} from ${from} ${w.text()} order by e.id`, w.values)
}
