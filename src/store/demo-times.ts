// The demo world's past: executions made in a minute are moved back over two days, and can be taken away again.
import type { Db } from './db.ts'

/** One ended execution and how many seconds to move it, with all that belongs to it, into the past. */
export interface Shift {
  execution: string
  seconds: number
}

/** Moves ended executions and their children back in time, in one statement. Answers how many were moved. */
export async function moveBack(db: Db, shifts: readonly Shift[]): Promise<number> {
  const [row] = await db.query<{ moved: number }>(
    `with shift as (
       select e.id, make_interval(secs => w.seconds) as span
       from unnest($1::bigint[], $2::float8[]) as w (id, seconds)
       join fermata.executions e on (e.id = w.id or e.parent_id = w.id) and e.ended_at is not null
     ), runs as (
       update fermata.node_runs t set started_at = started_at - shift.span, ended_at = ended_at - shift.span
       from shift where t.execution_id = shift.id
     ), packs as (
       update fermata.run_packs t set since = since - shift.span from shift where t.execution_id = shift.id
     ), logs as (
       update fermata.run_logs t set at = at - shift.span from shift where t.execution_id = shift.id
     ), bound as (
       update fermata.bindings t set bound_at = bound_at - shift.span from shift where t.execution_id = shift.id
     ), tasks as (
       update fermata.tasks t set created_at = created_at - shift.span, due_at = due_at - shift.span, ended_at = ended_at - shift.span
       from shift where t.execution_id = shift.id
     ), acts as (
       update fermata.acts t set at = at - shift.span from shift where t.execution_id = shift.id
     ), moved as (
       update fermata.executions t
       set created_at = created_at - shift.span, started_at = started_at - shift.span, ended_at = ended_at - shift.span
       from shift where t.id = shift.id returning t.id
     )
     select count(*)::int as moved from moved`,
    [shifts.map((shift) => shift.execution), shifts.map((shift) => shift.seconds)],
  )
  return row?.moved ?? 0
}

/** The earliest execution of a workflow that completed. */
export async function firstCompleted(db: Db, workflow: string): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    `select id from fermata.executions where workflow = $1 and status = 'completed' order by created_at limit 1`,
    [workflow],
  )
  return row?.id
}

/**
 * As if the schedule had been made right after the execution it was made from had ended: what is there of its
 * workflow, begun by a schedule, becomes its past. Each was due at a quarter of an hour: zones differ by such.
 */
export async function writePastFirings(tx: Db, schedule: string): Promise<void> {
  await tx.run(
    `update fermata.schedules s set created_at = e.ended_at + interval '10 minutes', updated_at = e.ended_at + interval '10 minutes'
     from fermata.executions e where s.id = $1 and e.id = s.execution_id`,
    [schedule],
  )
  await tx.run(
    `with past as (
       select s.id as schedule, e.id, e.created_at, date_bin('15 minutes', e.created_at, timestamptz '2000-01-01 00:00Z') as due
       from fermata.schedules s join fermata.executions e on e.workflow = s.workflow
       where s.id = $1 and e.trigger = 'schedule' and e.status = 'completed'
     ), begun as (
       update fermata.executions e set dedup_key = concat('schedule:', past.schedule, ':', (extract(epoch from past.due) * 1000)::bigint)
       from past where e.id = past.id
     )
     insert into fermata.firings (schedule_id, due_at, status, execution_id, taken_at, told, settled)
     select schedule, due, 'started', id, created_at, array['completed'], true from past`,
    [schedule],
  )
}

/** Executions of these workflows that have not ended. */
export async function liveExecutionsOf(db: Db, workflows: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from fermata.executions where workflow = any($1) and ended_at is null order by id',
    [workflows],
  )
  return rows.map((row) => row.id)
}

/** How many of its tasks people have answered. */
export async function countAnswers(db: Db, execution: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from fermata.tasks where execution_id = $1 and status = 'done'`,
    [execution],
  )
  return row?.count ?? 0
}
