// How batches go on: which are live, how their targets stand, which of them one process takes to start. Whoever looks
// at a batch holds its row, so that two processes together keep its limit and its stop rule.

import type { JsonObject } from '../core/json.ts'
import type { Why } from '../core/why.ts'
import type { Db } from './db.ts'

/** Batches that have not ended. */
export async function listLiveBatches(db: Db): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from fermata.batches where ended_at is null order by id',
    [],
    'list_live_batches',
  )
  return rows.map(({ id }) => id)
}

export interface LockedBatch {
  id: string
  workflow: string
  version: number
  collection: string
  inputs: JsonObject
  state: 'running' | 'paused' | 'stopped' | 'completed'
  parallel: number
  stopCount: number | null
  stopPercent: number | null
  forgiven: number
  reason: string | null
  terminatedBy: string | null
  ownerId: string
  owner: string
}

/** Until the transaction ends; undefined: another process looks at it, or it has ended. */
export async function lockBatch(tx: Db, id: string): Promise<LockedBatch | undefined> {
  const [row] = await tx.query<LockedBatch>(
    `select id, workflow, version, collection, inputs, state, parallel, stop_count as "stopCount", reason,
       stop_percent as "stopPercent", forgiven, terminated_by as "terminatedBy", owner_id as "ownerId", owner
     from fermata.batches where id = $1 and ended_at is null for update skip locked`,
    [id],
    'lock_batch',
  )
  return row
}

/** Of a target that counts as failed: refused, ended other than completed and not taken up again, or held. */
export const hasFailed = `(t.state = 'refused' or (t.state = 'started' and e.attention) or (t.state = 'ended'
  and t.outcome <> 'completed' and (e.id is null or e.status in ('failed', 'error', 'canceled', 'rejected'))))`

export interface BatchStanding {
  total: number
  waiting: number
  busy: number
  open: number
  failed: number
}

/** Writes which executions have ended, then counts. */
export async function settleTargets(tx: Db, batch: string): Promise<BatchStanding> {
  await tx.run(
    `update fermata.batch_targets t set state = 'ended', outcome = coalesce(x.status, 'canceled'), changed_at = now()
     from (select o.position, e.status from fermata.batch_targets o left join fermata.executions e on e.id = o.execution_id
       where o.batch_id = $1 and o.state = 'started' and (e.id is null or e.ended_at is not null)) x
     where t.batch_id = $1 and t.position = x.position`,
    [batch],
    'settle_batch_targets',
  )
  const [row] = await tx.query<BatchStanding>(
    `select count(*)::int as total, count(*) filter (where t.state = 'waiting')::int as waiting,
       count(*) filter (where t.state = 'starting' or (t.state = 'started' and not e.attention))::int as busy,
       count(*) filter (where t.state in ('starting', 'started'))::int as open,
       count(*) filter (where ${hasFailed})::int as failed
     from fermata.batch_targets t left join fermata.executions e
       on e.id = t.execution_id and (t.state = 'started' or t.outcome <> 'completed')
     where t.batch_id = $1`,
    [batch],
    'count_batch_targets',
  )
  return row ?? { total: 0, waiting: 0, busy: 0, open: 0, failed: 0 }
}

export async function writeBatchState(
  tx: Db,
  batch: { id: string; state: LockedBatch['state']; reason: string | null; ended: boolean },
): Promise<void> {
  await tx.run(
    'update fermata.batches set state = $2, reason = $3, ended_at = case when $4 then now() end where id = $1',
    [batch.id, batch.state, batch.reason, batch.ended],
    'write_batch_state',
  )
}

export interface TargetToStart {
  position: number
  target: string
  attempt: number
}

/** The next `count` that wait, and those a lost process left untouched for `staleMs`. */
export async function takeTargets(
  tx: Db,
  batch: string,
  { count, staleMs }: { count: number; staleMs: number },
): Promise<TargetToStart[]> {
  return tx.query<TargetToStart>(
    `update fermata.batch_targets t set state = 'starting', changed_at = now()
     where t.batch_id = $1 and t.position = any(array(
         select position from fermata.batch_targets where batch_id = $1 and state = 'starting'
           and changed_at < now() - make_interval(secs => $3::float8 / 1000))
       || array(select position from fermata.batch_targets where batch_id = $1 and state = 'waiting'
           order by position limit $2))
     returning position, target_id as target, attempt`,
    [batch, count, staleMs],
    'take_batch_targets',
  )
}

export interface StartedTarget extends TargetToStart {
  execution: string
}

export async function markTargetsStarted(
  db: Db,
  batch: string,
  started: readonly StartedTarget[],
): Promise<void> {
  await db.run(
    `update fermata.batch_targets t set state = 'started', execution_id = x.execution, changed_at = now()
     from unnest($2::integer[], $3::smallint[], $4::bigint[]) x(position, attempt, execution)
     where t.batch_id = $1 and t.position = x.position and t.attempt = x.attempt and t.state = 'starting'`,
    [
      batch,
      started.map(({ position }) => position),
      started.map(({ attempt }) => attempt),
      started.map(({ execution }) => execution),
    ],
    'mark_batch_targets_started',
  )
}

export async function markTargetRefused(
  db: Db,
  batch: string,
  refused: TargetToStart & { reason: string; why?: Why | undefined },
): Promise<void> {
  await db.run(
    `update fermata.batch_targets set state = 'refused', reason = $4, why = $5, changed_at = now()
     where batch_id = $1 and position = $2 and attempt = $3 and state = 'starting'`,
    [
      batch,
      refused.position,
      refused.attempt,
      refused.reason,
      refused.why ? JSON.stringify(refused.why) : null,
    ],
    'mark_batch_target_refused',
  )
}

/** Executions of a batch that have not ended. */
export async function liveExecutionsOf(db: Db, batch: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select e.id from fermata.batch_targets t join fermata.executions e on e.id = t.execution_id
     where t.batch_id = $1 and e.ended_at is null order by t.position`,
    [batch],
    'live_executions_of_batch',
  )
  return rows.map(({ id }) => id)
}
