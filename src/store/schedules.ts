// Schedules as people make, change and see them. What fires them is in `firings.ts`.
import { AppError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Missed, Notify, Overlap } from '../core/schedule/schedule.ts'
import type { Timing } from '../core/schedule/timing.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { containing, type SeenTargets, type Visible, type Where, where } from './where.ts'

export interface ScheduleRow {
  id: string
  name: string
  workflow: string
  workflowTitle: string | null
  version: number
  /** The execution it was made from. */
  execution: string
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
  inputs: JsonObject
  bindings: Record<string, string[]> | null
  timing: Timing
  timeZone: string
  missed: Missed
  overlap: Overlap
  notify: Notify
  pauseAfter: number | null
  failures: number
  role: string | null
  state: 'active' | 'paused'
  pausedReason: string | null
  ownerId: string
  owner: string
  nextFireAt: Date | null
  createdAt: Date
  /** When its settings were changed last. */
  updatedAt: Date
  updatedBy: string | null
  /** Counts the changes of its settings. */
  seq: number
  /** Its executions by how they stand. */
  counts: { completed: number; failed: number; canceled: number; running: number }
}

const counts = `(select json_build_object(
    'completed', count(*) filter (where x.status = 'completed'),
    'failed', count(*) filter (where x.status in ('failed', 'error', 'rejected')),
    'canceled', count(*) filter (where x.status = 'canceled'),
    'running', count(*) filter (where x.ended_at is null))
  from fermata.firings f join fermata.executions x on x.id = f.execution_id where f.schedule_id = s.id) as counts`
const columns = `s.id, s.name, s.workflow, w.title as "workflowTitle", s.version, s.execution_id as execution,
  s.target_collection as "targetCollection", s.target_id as "targetId", s.target_label as "targetLabel", s.inputs,
  s.bindings, s.timing, s.time_zone as "timeZone", s.missed, s.overlap, s.notify, s.pause_after as "pauseAfter",
  s.failures, s.role, s.state, s.paused_reason as "pausedReason", s.owner_id as "ownerId", s.owner,
  s.next_fire_at as "nextFireAt", s.created_at as "createdAt", s.updated_at as "updatedAt",
  s.seq, s.updated_by as "updatedBy", ${counts}`
const from = 'fermata.schedules s left join fermata.workflows w on w.key = s.workflow'

export interface ScheduleFilter {
  visible: Visible
  /** Absent: every record may be seen. No others are found by their label. */
  seen?: SeenTargets
  workflow?: string
  state?: 'active' | 'paused'
  owner?: string
  /** Owned by this user, or of one of these roles. */
  mine?: { ownerId: string; roles: readonly string[] }
  mode?: Timing['mode']
  createdFrom?: string
  firesBefore?: string
  q?: string
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listSchedules(
  db: Db,
  filter: ScheduleFilter,
): Promise<{ items: ScheduleRow[]; next?: string }> {
  const w = where()
  w.and('s.deleted_at is null')
  if (filter.visible !== 'all') w.and(`s.workflow = any(${w.param(filter.visible)})`)
  w.if(filter.workflow, (p) => `s.workflow = ${p}`)
  w.if(filter.state, (p) => `s.state = ${p}`)
  w.if(filter.owner, (p) => `s.owner = ${p}`)
  const { mine } = filter
  if (mine) w.and(`(s.owner_id = ${w.param(mine.ownerId)}::bigint or s.role = any(${w.param(mine.roles)}))`)
  w.if(filter.createdFrom, (p) => `s.created_at >= ${p}::timestamptz`)
  w.if(filter.firesBefore, (p) => `s.state = 'active' and s.next_fire_at < ${p}::timestamptz`)
  w.if(filter.mode, (p) => `s.timing->>'mode' = ${p}`)
  if (filter.q) w.and(textCondition(w, containing(filter.q), filter.seen))
  if (filter.cursor) {
    const [id] = decodeCursor(filter.cursor, 1)
    w.and(`s.id < ${w.param(id)}::bigint`)
  }
  const rows = await db.query<ScheduleRow>(
    `select ${columns} from ${from} ${w.text()} order by s.id desc limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.id))
}

function textCondition(w: Where, pattern: string, seen: SeenTargets | undefined): string {
  const p = w.param(pattern)
  const isSeen = seen ? ` and ${seen(w, { collection: 's.target_collection', id: 's.target_id' })}` : ''
  return `(s.name ilike ${p} or (s.target_label ilike ${p}${isSeen}))`
}

export async function findSchedule(db: Db, id: string): Promise<ScheduleRow | undefined> {
  const [row] = await db.query<ScheduleRow>(
    `select ${columns} from ${from} where s.id = $1 and s.deleted_at is null`,
    [id],
  )
  return row
}

export type NewSchedule = Omit<
  ScheduleRow,
  | 'id'
  | 'workflowTitle'
  | 'failures'
  | 'pausedReason'
  | 'nextFireAt'
  | 'createdAt'
  | 'updatedAt'
  | 'seq'
  | 'updatedBy'
  | 'counts'
> & { nextFireAt: number | null }

/** Throws a unique violation of `schedules_name` when a schedule has this name already. */
export async function insertSchedule(db: Db, row: NewSchedule): Promise<string> {
  const [made] = await db.query<{ id: string }>(
    `insert into fermata.schedules (name, workflow, version, execution_id, target_collection, target_id, target_label,
       inputs, bindings, timing, time_zone, missed, overlap, notify, pause_after, role, state, owner_id, owner,
       next_fire_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
       to_timestamp($20::double precision / 1000)) returning id`,
    [
      row.name,
      row.workflow,
      row.version,
      row.execution,
      row.targetCollection,
      row.targetId,
      row.targetLabel,
      JSON.stringify(row.inputs),
      row.bindings && JSON.stringify(row.bindings),
      JSON.stringify(row.timing),
      row.timeZone,
      row.missed,
      row.overlap,
      JSON.stringify(row.notify),
      row.pauseAfter,
      row.role,
      row.state,
      row.ownerId,
      row.owner,
      row.nextFireAt,
    ],
  )
  return made?.id ?? ''
}

export interface ScheduleChange {
  name?: string
  timing?: Timing
  timeZone?: string
  missed?: Missed
  overlap?: Overlap
  notify?: Notify
  pauseAfter?: number | null
  role?: string | null
  bindings?: Record<string, string[]> | null
  state?: 'active' | 'paused'
  pausedReason?: string | null
  failures?: number
  nextFireAt?: number | null
}

const writers: { [K in keyof Required<ScheduleChange>]: (param: string) => string } = {
  name: (p) => `name = ${p}`,
  timing: (p) => `timing = ${p}::json`,
  timeZone: (p) => `time_zone = ${p}`,
  missed: (p) => `missed = ${p}`,
  overlap: (p) => `overlap = ${p}`,
  notify: (p) => `notify = ${p}::json`,
  pauseAfter: (p) => `pause_after = ${p}::smallint`,
  role: (p) => `role = ${p}`,
  bindings: (p) => `bindings = ${p}::json`,
  state: (p) => `state = ${p}`,
  pausedReason: (p) => `paused_reason = ${p}`,
  failures: (p) => `failures = ${p}::smallint`,
  nextFireAt: (p) => `next_fire_at = to_timestamp(${p}::double precision / 1000)`,
}

/** Its state, not its settings. */
export async function updateSchedule(db: Db, id: string, change: ScheduleChange): Promise<void> {
  const { sets, values } = writtenBy(change, [id])
  await db.run(`update fermata.schedules set ${sets.join(', ')} where id = $1`, values)
}

export interface Edit {
  by: string
  /** The `seq` it was made on; undefined: whatever it is now. */
  basedOn: number | undefined
}

/** Throws `conflict` when somebody has changed the settings since, `not-found` when the schedule is gone. */
export async function changeSettings(tx: Db, id: string, change: ScheduleChange & Edit): Promise<void> {
  const { by, basedOn, ...settings } = change
  const { sets, values } = writtenBy(settings, [id, by, basedOn ?? null])
  const all = ['seq = seq + 1', 'updated_by = $2', 'updated_at = now()', ...sets].join(', ')
  const changed = await tx.query(
    `update fermata.schedules set ${all}
     where id = $1 and deleted_at is null and seq = coalesce($3::integer, seq) returning id`,
    values,
  )
  if (changed.length > 0) return
  const now = await findSchedule(tx, id)
  if (!now) throw new AppError('not-found', `There is no schedule ${id}`)
  throw new AppError('conflict', `${now.updatedBy} has changed the schedule meanwhile.`, {
    why: { key: 'schedule-changed', by: now.updatedBy ?? now.owner },
  })
}

function writtenBy(change: ScheduleChange, values: unknown[]): { sets: string[]; values: unknown[] } {
  const sets = Object.entries(change).map(([key, value]) => {
    const isJson = value !== null && typeof value === 'object'
    return writers[key as keyof ScheduleChange](`$${values.push(isJson ? JSON.stringify(value) : value)}`)
  })
  return { sets, values }
}

/** It stays for the history of its executions. */
export async function removeSchedule(db: Db, id: string): Promise<void> {
  await db.run(`update fermata.schedules set deleted_at = now(), state = 'paused' where id = $1`, [id])
}

/** What the database's clock says, in milliseconds: schedules are counted from it (rule 23). */
export async function readNow(db: Db): Promise<number> {
  const [row] = await db.query<{ now: number }>('select extract(epoch from now())::float8 * 1000 as now')
  return row?.now ?? Number.NaN
}
