// The list of executions, newest first, a page at a time: each filter goes its own way in through an index, so that a
// page costs the same in a history of a thousand executions and of a million.
import type { ExecutionStatus } from '../core/statuses.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { columns, type ExecutionRow, from, hasOrigin, originOf } from './executions-read.ts'
import { findText, targetColumns, textCondition } from './find-text.ts'
import { entrances, type Needs, statusWays, waysIn } from './list-entrances.ts'
import { type SeenTargets, type Visible, type Where, where } from './where.ts'

export interface ExecutionFilter {
  visible: Visible
  /** Absent: every record may be seen. No others are found by their label or id. */
  seen?: SeenTargets
  status?: readonly ExecutionStatus[]
  workflow?: string
  version?: number
  /** Of the workflow. */
  kind?: 'main' | 'sub'
  target?: { collection: string; id: string }
  startedBy?: string
  trigger?: string
  /** An attempt of this node failed. */
  failedNode?: string
  /** What started it: `schedule:12`, `batch:7`. */
  origin?: string
  from?: string
  to?: string
  q?: string
  attention?: boolean
  needs?: Needs
  test?: boolean
  parent?: string
  parentRun?: string
  cursor?: string
  limit: number
}

export interface ListedExecution extends ExecutionRow {
  parentTitle: string | null
  /** Of the schedule that started it, also when that is deleted. */
  scheduleName: string | null
  /** The last thing a person did to it. */
  lastAct: string | null
  lastActBy: string | null
  lastActAt: Date | null
}

/** Newest first. */
export async function listExecutions(
  db: Db,
  asked: ExecutionFilter,
): Promise<{ items: ListedExecution[]; next?: string }> {
  const { w, ways } = await findBy(db, asked)
  const rows = await db.query<ListedExecution & { at: string }>(
    `with page as (select distinct created_at, id from (${ways}) found
       order by created_at desc, id desc limit ${asked.limit + 1})
     select ${columns}, coalesce(pw.title, p.workflow) as "parentTitle",
       a.act as "lastAct", a.by as "lastActBy", a.at as "lastActAt", sc.name as "scheduleName", e.created_at::text as at
     from page join ${from} on e.id = page.id
     left join fermata.executions p on p.id = e.parent_id left join fermata.workflows pw on pw.key = p.workflow
     left join fermata.schedules sc on e.dedup_key like 'schedule:%' and sc.id::text = split_part(e.dedup_key, ':', 2)
     left join lateral (select act, by, at from fermata.acts where execution_id = e.id order by id desc limit 1) a on true
     order by page.created_at desc, page.id desc`,
    w.values,
  )
  return pageOf(rows, asked.limit, (row) => encodeCursor(row.at, row.id))
}

/**
 * What fits, as a source of rows `created_at, id, status`: of each way in the newest `limit` and one more. `inside`: one
 * more condition on `e`.
 */
export async function findBy(
  db: Db,
  asked: ExecutionFilter,
  inside?: string,
): Promise<{ w: Where; ways: string }> {
  const seen = asked.kind ? { ...asked, visible: await ofKind(db, asked) } : asked
  const { q } = seen
  const filter = inOneWorkflow(seen)
  const w = where()
  addFilters(w, filter)
  if (inside) w.and(inside)
  // What waits for somebody is little: it is looked at first, whatever it is called.
  if (q && filter.needs) w.and(await textCondition(db, w, { ...seen, q }))
  const text = q && !filter.needs ? await findText(db, { ...seen, q }) : undefined
  const ways = waysIn(statusWays(w, filter), entrances(w, filter, text), { w, limit: filter.limit })
  return { w, ways }
}

/**
 * Who asks for one workflow may see all of its executions or none: said twice, as a workflow and as one of those one may
 * see, PostgreSQL takes it for much rarer than it is and goes the wrong way in.
 */
function inOneWorkflow(filter: ExecutionFilter): ExecutionFilter {
  const { workflow, visible, needs } = filter
  if (workflow === undefined) return filter
  const allOrNone = (workflows: Visible): Visible =>
    workflows === 'all' || workflows.includes(workflow) ? 'all' : []
  return {
    ...filter,
    visible: allOrNone(visible),
    ...(needs ? { needs: { ...needs, runnable: allOrNone(needs.runnable) } } : {}),
  }
}

/** Of what one may see, the workflows of one kind. */
async function ofKind(
  db: Db,
  { kind, visible }: Pick<ExecutionFilter, 'kind' | 'visible'>,
): Promise<string[]> {
  const rows = await db.query<{ key: string }>(
    'select key from fermata.workflows where kind = $1 and ($2::text[] is null or key = any($2))',
    [kind, visible === 'all' ? null : visible],
  )
  return rows.map(({ key }) => key)
}

function addFilters(w: Where, filter: ExecutionFilter): void {
  w.if(filter.workflow, (p) => `e.workflow = ${p}`)
  w.if(filter.version, (p) => `e.version = ${p}`)
  w.if(filter.target?.collection, (p) => `e.target_collection = ${p}`)
  w.if(filter.target?.id, (p) => `e.target_id = ${p}`)
  if (filter.target && filter.seen) w.and(filter.seen(w, targetColumns))
  w.if(filter.startedBy, (p) => `e.started_by = ${p}`)
  w.if(
    filter.failedNode,
    (p) => `exists (select from fermata.node_runs r where r.execution_id = e.id and r.node = ${p}
    and r.status in ('failed', 'error', 'timed-out', 'rejected'))`,
  )
  w.if(filter.trigger, (p) => `e.trigger = ${p}`)
  w.if(filter.origin, (p) => `${hasOrigin} and ${originOf} = ${p}`)
  w.if(filter.from, (p) => `e.created_at >= ${p}::timestamptz`)
  w.if(filter.to, (p) => `e.created_at < ${p}::timestamptz`)
  w.if(filter.attention, (p) => `e.attention = ${p}`)
  w.if(filter.test, (p) => `e.test = ${p}`)
  w.if(filter.parent, (p) => `e.parent_id = ${p}::bigint`)
  w.if(filter.parentRun, (p) => `e.parent_run = ${p}`)
  if (!filter.cursor) return
  const [at, id] = decodeCursor(filter.cursor, 2)
  w.and(`(e.created_at, e.id) < (${w.param(at)}::timestamptz, ${w.param(id)}::bigint)`)
}
