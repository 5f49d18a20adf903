// The firings of schedules: claiming what is due, what became of it, and whom to tell. Set-based; a schedule or a
// firing another process holds is passed over.
import type { JsonObject } from '../core/json.ts'
import type { Missed, Notify, Overlap, ScheduleEvent } from '../core/schedule/schedule.ts'
import type { Timing } from '../core/schedule/timing.ts'
import type { Why } from '../core/why.ts'
import type { Db } from './db.ts'

export interface DueSchedule {
  id: string
  timing: Timing
  zone: string
  missed: Missed
  /** Milliseconds; by the database's clock. */
  due: number
  now: number
}

/** Locks the schedules that are due until the transaction ends. */
export async function lockDue(tx: Db, limit: number): Promise<DueSchedule[]> {
  return tx.query<DueSchedule>(
    `select id, timing, time_zone as zone, missed, extract(epoch from next_fire_at)::float8 * 1000 as due,
       extract(epoch from now())::float8 * 1000 as now
     from fermata.schedules where state = 'active' and deleted_at is null and next_fire_at <= now()
     order by next_fire_at limit $1 for update skip locked`,
    [limit],
    'lock_due_schedules',
  )
}

export interface NewFiring {
  schedule: string
  due: number
  status: 'starting' | 'missed'
}

/** Writes the firings and moves the cursors of their schedules. */
export async function writeFirings(
  tx: Db,
  firings: readonly NewFiring[],
  cursors: readonly { schedule: string; next: number | null }[],
): Promise<void> {
  await tx.run(
    `with moved as (
       update fermata.schedules s set next_fire_at = to_timestamp(c.next / 1000)
       from unnest($4::bigint[], $5::float8[]) c(id, next) where s.id = c.id)
     insert into fermata.firings (schedule_id, due_at, status)
     select id, to_timestamp(due / 1000), status from unnest($1::bigint[], $2::float8[], $3::text[]) f(id, due, status)
     on conflict do nothing`,
    [
      firings.map(({ schedule }) => schedule),
      firings.map(({ due }) => due),
      firings.map(({ status }) => status),
      cursors.map(({ schedule }) => schedule),
      cursors.map(({ next }) => next),
    ],
  )
}

/** One firing with all that a start needs. */
export interface FiringToStart {
  schedule: string
  name: string
  due: number
  workflow: string
  version: number
  target: { collection: string; id: string } | null
  inputs: JsonObject
  bindings: Record<string, string[]> | null
  overlap: Overlap
  ownerId: string
  owner: string
}

const startColumns = `s.id as schedule, s.name, extract(epoch from f.due_at)::float8 * 1000 as due, s.workflow, s.version,
  case when s.target_id is null then null
    else json_build_object('collection', s.target_collection, 'id', s.target_id) end as target,
  s.inputs, s.bindings, s.overlap, s.owner_id as "ownerId", s.owner`

/** Firings to start: those just written, and those a lost process left untouched for `staleMs`. */
export async function takeStarting(
  db: Db,
  given: { fresh: readonly NewFiring[]; staleMs: number; limit: number },
): Promise<FiringToStart[]> {
  return db.query<FiringToStart>(
    `with fresh as (
       select f.ctid from unnest($1::bigint[], $2::float8[]) x(id, at) cross join lateral (
         select ctid from fermata.firings
         where schedule_id = x.id and due_at = to_timestamp(x.at / 1000) and status = 'starting'
         for update skip locked) f
       limit $4),
     stale as (
       select ctid from fermata.firings
       where status = 'starting' and taken_at < now() - make_interval(secs => $3::float8 / 1000)
       order by taken_at limit $4 for update skip locked)
     update fermata.firings f set taken_at = now() from fermata.schedules s
     where f.ctid = any (array(select ctid from fresh union all select ctid from stale)) and s.id = f.schedule_id
     returning ${startColumns}`,
    [
      given.fresh.map(({ schedule }) => schedule),
      given.fresh.map(({ due }) => due),
      given.staleMs,
      given.limit,
    ],
    'take_starting_firings',
  )
}

/**
 * Of each schedule the first firing that waits, once none of its executions lives. One schedule after the other: most
 * often none waits, and a plan for many read all firings and executions.
 */
export async function takeWaiting(db: Db, limit: number): Promise<FiringToStart[]> {
  return db.query<FiringToStart>(
    `with first as materialized (
       select distinct on (schedule_id) schedule_id, due_at from fermata.firings where status = 'waiting'
       order by schedule_id, due_at),
     free as (
       select f.ctid from first cross join lateral (
         select w.ctid from fermata.firings w
         where w.schedule_id = first.schedule_id and w.due_at = first.due_at and w.status = 'waiting'
           and not exists (select from fermata.firings o join fermata.executions e on e.id = o.execution_id
             where o.schedule_id = w.schedule_id and o.status = 'started' and not o.settled and e.ended_at is null)
         for update of w skip locked) f
       limit $1)
     update fermata.firings f set taken_at = now(), status = 'starting' from fermata.schedules s
     where f.ctid = any (array(select ctid from free)) and s.id = f.schedule_id
     returning ${startColumns}`,
    [limit],
    'take_waiting_firings',
  )
}

export interface FiringKey {
  schedule: string
  due: number
}

export async function markFiring(
  db: Db,
  key: FiringKey,
  what: { status: 'skipped' | 'refused' | 'waiting'; reason: string; why?: Why | undefined },
): Promise<void> {
  await db.run(
    `update fermata.firings set status = $3, reason = $4, why = $5, taken_at = now()
     where schedule_id = $1 and due_at = to_timestamp($2::float8 / 1000) and status = 'starting'`,
    [key.schedule, key.due, what.status, what.reason, what.why ? JSON.stringify(what.why) : null],
    'mark_firing',
  )
}

export interface StartedFiring extends FiringKey {
  execution: string
}

export async function markStarted(db: Db, firings: readonly StartedFiring[]): Promise<void> {
  await db.run(
    `update fermata.firings f set status = 'started', reason = null, why = null, execution_id = x.execution, taken_at = now()
     from unnest($1::bigint[], $2::float8[], $3::bigint[]) x(id, due, execution)
     where f.schedule_id = x.id and f.due_at = to_timestamp(x.due / 1000) and f.status = 'starting'`,
    [
      firings.map(({ schedule }) => schedule),
      firings.map(({ due }) => due),
      firings.map(({ execution }) => execution),
    ],
    'mark_started',
  )
}

export interface Overlapping {
  /** Executions of the schedule that have not ended, oldest first. */
  live: string[]
  /** Firings that wait. */
  waiting: number
}

/** In the order of the schedules. */
export async function readOverlaps(db: Db, schedules: readonly string[]): Promise<Overlapping[]> {
  return db.query<Overlapping>(
    `select array(select e.id::text from fermata.firings f join fermata.executions e on e.id = f.execution_id
         where f.schedule_id = x.schedule and f.status = 'started' and not f.settled and e.ended_at is null
         order by e.id) as live,
       (select count(*)::int from fermata.firings f where f.schedule_id = x.schedule and f.status = 'waiting') as waiting
     from unnest($1::bigint[]) with ordinality x(schedule, n) order by n`,
    [schedules],
    'read_overlaps',
  )
}

/** What there is to do for schedules, now or later; times in milliseconds from now, null: not that is known. */
export interface ScheduleWork {
  /** Until the next schedule is due. */
  due: number | null
  /** Until the first firing that is being started counts as lost. */
  stale: number | null
  /** Firings wait for an execution to end. */
  waiting: boolean
  /** Executions have ended or need somebody, firings were refused: to be settled. */
  news: boolean
  /** Until the next message is to be sent. */
  message: number | null
}

export async function readScheduleWork(db: Db, staleMs: number): Promise<ScheduleWork> {
  const [row] = await db.query<ScheduleWork>(
    `select
       (select extract(epoch from min(next_fire_at) - now())::float8 * 1000
         from fermata.schedules where state = 'active' and deleted_at is null) as due,
       (select extract(epoch from min(taken_at) - now())::float8 * 1000 + $1
         from fermata.firings where status = 'starting') as stale,
       exists (select from fermata.firings where status = 'waiting') as waiting,
       exists (select from ${newsFrom}) as news,
       (select extract(epoch from min(next_try_at) - now())::float8 * 1000
         from fermata.messages where status = 'open') as message`,
    [staleMs],
    'read_schedule_work',
  )
  return row ?? { due: null, stale: null, waiting: false, news: false, message: null }
}

/** Firings of which somebody must learn something. */
const newsFrom = `fermata.firings f left join fermata.executions e on e.id = f.execution_id
       where f.status in ('started', 'refused') and not f.settled
         and (e.ended_at is not null or e.id is null
           or ('waiting' <> all (f.told) and (e.attention
             or exists (select from fermata.tasks t where t.execution_id = e.id and t.status = 'open'))))`

/** Something of a scheduled execution that its schedule must learn of, or people want to. */
export interface FiringNews extends FiringKey {
  name: string
  workflow: string
  event: ScheduleEvent
  execution: string | null
  status: string | null
  reason: string | null
  target: string | null
  targetCollection: string | null
  targetId: string | null
  ownerId: string
  role: string | null
  notify: Notify
}

/**
 * Ended executions, those that need a person, and firings that were refused; locked until the transaction ends. By
 * schedule: two processes that settle change the schedules in the same order.
 */
export async function lockNews(tx: Db, limit: number): Promise<FiringNews[]> {
  return tx.query<FiringNews>(
    `with news as (
       select f.schedule_id, f.due_at, case
           when f.status = 'refused' then 'failed'
           when e.status = 'completed' then 'completed'
           when e.ended_at is not null or e.id is null then 'failed'
           else 'waiting' end as event, e.status, f.execution_id as execution, f.reason
       from ${newsFrom}
       order by f.schedule_id, f.due_at limit $1 for update of f skip locked)
     select s.id as schedule, s.name, s.workflow, extract(epoch from news.due_at)::float8 * 1000 as due, news.event,
       news.execution, news.status, news.reason, s.target_label as target,
       s.target_collection as "targetCollection", s.target_id as "targetId", s.owner_id as "ownerId", s.role, s.notify
     from news join fermata.schedules s on s.id = news.schedule_id order by s.id, news.due_at`,
    [limit],
    'lock_firing_news',
  )
}

/** Its messages are written; an end also counts for the schedule, which pauses itself after too many failures in a row. */
export async function settleNews(tx: Db, news: FiringNews): Promise<void> {
  await tx.run(
    `with told as (
       update fermata.firings set told = array_append(told, $3), settled = $3 <> 'waiting'
       where schedule_id = $1 and due_at = to_timestamp($2::float8 / 1000) and not settled returning schedule_id)
     update fermata.schedules s set
       failures = case $3 when 'failed' then failures + 1 when 'completed' then 0 else failures end,
       state = case when $3 = 'failed' and failures + 1 >= pause_after then 'paused' else state end,
       paused_reason = case when $3 = 'failed' and failures + 1 >= pause_after then 'failures' else paused_reason end
     from told where s.id = told.schedule_id and ($3 = 'failed' or ($3 = 'completed' and s.failures > 0))`,
    [news.schedule, news.due, news.event],
    'settle_news',
  )
}
