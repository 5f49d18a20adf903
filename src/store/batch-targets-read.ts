// How the targets of a batch stand, as people see them.
import type { Why } from '../core/why.ts'
import { hasFailed } from './batch-work.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { where } from './where.ts'

/** What a target is shown as: the status of its execution, or that it has none. */
const shown = `case t.state when 'waiting' then 'not-started' when 'starting' then 'queued' when 'refused' then 'refused'
  else coalesce(e.status, t.outcome, 'canceled') end`
/**
 * It is not held itself, and nothing goes on in it or in the sub-workflows it waits for, but one of them has an open
 * task, a risk to be confirmed or a failed node that holds it. Only what is under way is looked into.
 */
const asks = `(e.ended_at is null and e.waiting and not e.attention and (
  with recursive line(id, waiting, held) as (
    select e.id, e.waiting, false
    union all
    select c.id, c.waiting, c.attention from line
    join fermata.executions c on c.parent_id = line.id and c.parent_id is not null and c.ended_at is null)
  select bool_and(line.waiting) and bool_or(line.held
    or exists (select from fermata.tasks k where k.execution_id = line.id and k.status = 'open')) from line))`
export const targetsFrom = 'fermata.batch_targets t left join fermata.executions e on e.id = t.execution_id'

export interface BatchCounts {
  /** By status as shown. */
  byStatus: Record<string, number>
  /** Held for an operator. */
  attention: number
  /** Waits for a person: a task, or what holds one of its sub-workflows. */
  asks: number
  /** Started again by `retry`. */
  failed: number
}

/** `only`: the targets that may be seen; undefined: all. */
export async function countTargets(
  db: Db,
  { batch, only }: { batch: string; only?: readonly string[] | undefined },
): Promise<BatchCounts> {
  const rows = await db.query<{
    status: string
    count: number
    attention: number
    asks: number
    failed: number
  }>(
    `select ${shown} as status, count(*)::int as count, count(*) filter (where e.attention)::int as attention,
       count(*) filter (where ${asks})::int as asks, count(*) filter (where ${hasFailed})::int as failed
     from ${targetsFrom} where t.batch_id = $1 and ($2::text[] is null or t.target_id = any($2)) group by 1`,
    [batch, only ?? null],
    'count_shown_targets',
  )
  const sum = (name: 'attention' | 'asks' | 'failed') => rows.reduce((all, row) => all + row[name], 0)
  return {
    byStatus: Object.fromEntries(rows.map(({ status, count }) => [status, count])),
    attention: sum('attention'),
    asks: sum('asks'),
    failed: sum('failed'),
  }
}

export interface BatchTargetRow {
  position: number
  id: string
  label: string
  attempt: number
  status: string
  waiting: boolean | null
  attention: boolean | null
  asks: boolean | null
  execution: string | null
  reason: string | null
  why: Why | null
}

export interface TargetFilter {
  batch: string
  only?: readonly string[] | undefined
  status?: readonly string[]
  /** Part of the label. */
  like?: string
  /** What may have changed since then: with everything that is under way. */
  since?: string
  cursor?: string
  limit: number
}

/** In the order in which they are started. */
export async function listTargets(
  db: Db,
  filter: TargetFilter,
): Promise<{ items: BatchTargetRow[]; next?: string }> {
  const w = where()
  w.and(`t.batch_id = ${w.param(filter.batch)}`)
  w.if(filter.only, (p) => `t.target_id = any(${p})`)
  w.if(filter.status, (p) => `${shown} = any(${p})`)
  w.if(filter.like, (p) => `t.label ilike ${p}`)
  w.if(
    filter.since,
    (p) => `(t.changed_at >= ${p}::timestamptz - interval '1 second' or t.state = 'started'
    or (e.id is not null and e.ended_at is null) or e.ended_at >= ${p}::timestamptz - interval '1 second')`,
  )
  if (filter.cursor) w.and(`t.position > ${w.param(Number(decodeCursor(filter.cursor, 1)[0]))}::float8`)
  const rows = await db.query<BatchTargetRow>(
    `select t.position, t.target_id as id, t.label, t.attempt, ${shown} as status, e.waiting, e.attention, ${asks} as asks,
       t.execution_id as execution, t.reason, t.why
     from ${targetsFrom} ${w.text()} order by t.position limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.position))
}
