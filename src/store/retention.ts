// Which ended executions are kept no longer: by age, by count and by status, for each workflow (rule 38).
import type { JsonObject } from '../core/json.ts'
import type { Db } from './db.ts'
import { type Doomed, largeExecution } from './delete-executions.ts'
import { type Where, where } from './where.ts'

/** What one workflow keeps; absent: no rule of this kind. */
export interface RetentionRule {
  workflow: string
  /** Ended longer ago are deleted. */
  days?: number
  /** The newest so many are kept. */
  keep?: number
  /** Deleted soon after they have ended so. */
  deleteOn?: string[]
}

/** The rule of every workflow: of its published version, or its newest one. */
export async function readRules(db: Db): Promise<RetentionRule[]> {
  const rows = await db.query<{ workflow: string; retention: JsonObject | null }>(
    `select w.key as workflow, v.document -> 'settings' -> 'retention' as retention
     from fermata.workflows w left join fermata.workflow_versions v on v.workflow = w.key and v.version = coalesce(
       w.published_version, (select max(version) from fermata.workflow_versions n where n.workflow = w.key))
     order by w.key`,
  )
  return rows.map(({ workflow, retention }) => ({
    ...(retention as Omit<RetentionRule, 'workflow'>),
    workflow,
  }))
}

const ended = `e.status not in ('queued', 'running', 'paused')`
/**
 * What a live execution has started is kept with it, what people are still to be told of until they were, and what a
 * batch has started until the batch knows how it ended.
 */
const unneeded = `not exists (select from fermata.executions p
    where p.id = e.parent_id and p.status in ('queued', 'running', 'paused'))
  and not exists (select from fermata.firings f where f.execution_id = e.id and not f.settled)
  and not exists (select from fermata.batch_targets b where b.execution_id = e.id and b.state = 'started')`

/** One `where` for each way to expire, so that each finds its rows through an index. */
async function expiries(db: Db, rule: RetentionRule): Promise<Where[]> {
  const { workflow, days, keep, deleteOn = [] } = rule
  const all: Where[] = []
  const begin = () => {
    const w = where()
    w.and(`e.workflow = ${w.param(workflow)}`)
    all.push(w)
    return w
  }
  if (days !== undefined) {
    const w = begin()
    const before = `now() - make_interval(days => ${w.param(days)})`
    w.and(`e.created_at < ${before}`)
    w.and(`e.ended_at < ${before}`)
    w.and(ended)
  }
  const boundary = keep === undefined ? undefined : await firstTooMany(db, workflow, keep)
  if (boundary) {
    const w = begin()
    w.and(`(e.created_at, e.id) <= (${w.param(boundary.at)}::timestamptz, ${w.param(boundary.id)}::bigint)`)
    w.and(ended)
  }
  for (const status of deleteOn) {
    const w = begin()
    w.and(`e.status = ${w.param(status)}`)
    w.and(ended)
  }
  for (const w of all) w.and(unneeded)
  return all
}

async function firstTooMany(
  db: Db,
  workflow: string,
  keep: number,
): Promise<{ at: string; id: string } | undefined> {
  const [row] = await db.query<{ at: string; id: string }>(
    `select e.created_at::text as at, e.id from fermata.executions e where e.workflow = $1 and ${ended}
     order by e.created_at desc, e.id desc offset $2 limit 1`,
    [workflow, keep],
  )
  return row
}

/** Up to `limit` executions of a workflow that are kept no longer, oldest first. */
export async function findExpired(db: Db, rule: RetentionRule, limit: number): Promise<Doomed[]> {
  for (const w of await expiries(db, rule)) {
    const rows = await db.query<Doomed>(
      `select e.id, e.dispatched + 1 + (select count(*)::int from (
         select from fermata.run_logs l where l.execution_id = e.id limit ${largeExecution}) l) as rows
       from fermata.executions e ${w.text()} order by e.created_at, e.id limit ${limit}`,
      w.values,
    )
    if (rows.length > 0) return rows
  }
  return []
}

/** How many executions of a workflow a rule would delete now. */
export async function countExpired(db: Db, rule: RetentionRule): Promise<number> {
  const ids = new Set<string>()
  for (const w of await expiries(db, rule)) {
    const rows = await db.query<{ id: string }>(`select e.id from fermata.executions e ${w.text()}`, w.values)
    for (const { id } of rows) ids.add(id)
  }
  return ids.size
}

/** Deletes up to `limit` firings of schedules that were due longer ago and have nothing left to be done. */
export async function deleteFirings(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  return db.run(
    `delete from fermata.firings where ctid = any(array(
       select f.ctid from fermata.schedules s cross join lateral (
         select ctid from fermata.firings o where o.schedule_id = s.id and o.due_at < now() - make_interval(days => $1)
           and (o.settled or o.status in ('skipped', 'missed')) limit $2) f limit $2))`,
    [days, limit],
  )
}

/** Deletes up to `limit` of the oldest changes of records that are older than so many days. */
export async function deleteChanges(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  return db.run(
    `delete from fermata.data_changes using (select id from fermata.data_changes order by id limit $2) first
     where data_changes.id = first.id and at < now() - make_interval(days => $1)`,
    [days, limit],
  )
}

export async function countChanges(db: Db, days: number): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*)::int as count from fermata.data_changes where at < now() - make_interval(days => $1)',
    [days],
  )
  return row?.count ?? 0
}
