// The list of executions, newest first, a page at a time: each filter goes its own way in through an index, so that a
// page costs the same in a history of a thousand executions and of a million.
import type { ExecutionStatus } from '../core/statuses.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { columns, type ExecutionRow, from } from './executions-read.ts'
import { type FoundText, findText } from './find-text.ts'
import { type Visible, type Where, where } from './where.ts'

export interface ExecutionFilter {
  visible: Visible
  status?: readonly ExecutionStatus[]
  workflow?: string
  version?: number
  target?: { collection: string; id: string }
  startedBy?: string
  trigger?: string
  from?: string
  to?: string
  q?: string
  attention?: boolean
  test?: boolean
  parent?: string
  parentRun?: string
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listExecutions(
  db: Db,
  filter: ExecutionFilter,
): Promise<{ items: ExecutionRow[]; next?: string }> {
  const text = filter.q ? await findText(db, { q: filter.q, visible: filter.visible }) : undefined
  const w = where()
  addFilters(w, filter)
  const ways = statusWays(w, filter).flatMap((status) =>
    entrances(w, filter, text).map((entrance) =>
      branch(entrance, [...w.conditions, ...status], filter.limit),
    ),
  )
  const rows = await db.query<ExecutionRow & { at: string }>(
    `with page as (select distinct created_at, id from (${ways.join(' union all ')}) found
       order by created_at desc, id desc limit ${filter.limit + 1})
     select ${columns}, e.created_at::text as at from page join ${from} on e.id = page.id
     order by page.created_at desc, page.id desc`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.at, row.id))
}

function addFilters(w: Where, filter: ExecutionFilter): void {
  w.if(filter.workflow, (p) => `e.workflow = ${p}`)
  w.if(filter.version, (p) => `e.version = ${p}`)
  w.if(filter.target?.collection, (p) => `e.target_collection = ${p}`)
  w.if(filter.target?.id, (p) => `e.target_id = ${p}`)
  w.if(filter.startedBy, (p) => `e.started_by = ${p}`)
  w.if(filter.trigger, (p) => `e.trigger = ${p}`)
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

/** Conditions of one way for each status: the index holds them one after another, a page wants them mixed. */
function statusWays(w: Where, { status }: ExecutionFilter): string[][] {
  return status ? [...new Set(status)].map((one) => [`e.status = ${w.param(one)}`]) : [[]]
}

interface Entrance {
  /** Rows that each open a way of their own; their columns are used in the conditions. */
  each?: string
  conditions: string[]
}

function entrances(w: Where, filter: ExecutionFilter, text: FoundText | undefined): Entrance[] {
  return text ? textEntrances(w, filter, text) : visibleEntrances(w, filter)
}

const mostWays = 100
const mostPlans = 8

/** How what one may see is looked at: as one more condition, or workflow by workflow where that would meet too little. */
function visibleEntrances(w: Where, filter: ExecutionFilter): Entrance[] {
  const { visible, workflow, target, parent, attention, test, status } = filter
  if (visible === 'all') return [{ conditions: [] }]
  const isRare = status !== undefined && !status.includes('completed')
  const isNarrow = [workflow, target, parent, attention, test].some((value) => value !== undefined)
  if (isRare || isNarrow || visible.length > mostWays) return [visibleOnly(w, visible)]
  if (filter.startedBy === undefined && filter.trigger === undefined) return [eachWorkflow(w, visible)]
  // Both may be rare or frequent: PostgreSQL knows which, for each of a few workflows that it knows when it plans.
  if (visible.length === 0 || visible.length > mostPlans) return [visibleOnly(w, visible)]
  return visible.map((key) => ({ conditions: [`e.workflow = ${w.param(key)}`] }))
}

function visibleOnly(w: Where, visible: readonly string[]): Entrance {
  return { conditions: [`e.workflow = any(${w.param(visible)})`] }
}

function eachWorkflow(w: Where, workflows: readonly string[]): Entrance {
  return {
    each: `unnest(${w.param(workflows)}::text[]) as way (workflow)`,
    conditions: ['e.workflow = way.workflow'],
  }
}

function textEntrances(w: Where, filter: ExecutionFilter, text: FoundText): Entrance[] {
  const { visible } = filter
  const allowed = () => (visible === 'all' ? [] : visibleOnly(w, visible).conditions)
  const all: Entrance[] = []
  if (text.id) all.push({ conditions: [...allowed(), `e.id = ${w.param(text.id)}::bigint`] })
  if (text.often) {
    const { label, workflows } = text.often
    const either = `(e.workflow = any(${w.param(workflows)}) or e.target_label ilike ${w.param(label)})`
    for (const seen of visibleEntrances(w, filter))
      all.push({ ...seen, conditions: [...seen.conditions, either] })
  }
  if (text.workflows.length > 0) all.push(eachWorkflow(w, text.workflows))
  if (text.targets.length > 0) all.push(eachTarget(w, text.targets, allowed()))
  return all.length > 0 ? all : [{ conditions: ['false'] }]
}

function eachTarget(w: Where, targets: FoundText['targets'], allowed: string[]): Entrance {
  const collections = w.param(targets.map(({ collection }) => collection))
  const ids = w.param(targets.map(({ id }) => id))
  return {
    each: `unnest(${collections}::text[], ${ids}::text[]) as way (collection, id)`,
    conditions: [...allowed, 'e.target_collection = way.collection', 'e.target_id = way.id'],
  }
}

function branch({ each, conditions }: Entrance, more: readonly string[], limit: number): string {
  const all = [...conditions, ...more]
  const condition = all.length > 0 ? `where ${all.join(' and ')}` : ''
  const order = `order by created_at desc, id desc limit ${limit + 1}`
  const newest = `select e.created_at, e.id from fermata.executions e ${condition} ${order}`
  if (each === undefined) return `(${newest})`
  return `(select one.* from ${each} cross join lateral (${newest}) one ${order})`
}
