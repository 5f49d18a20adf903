// Batches as people make, steer and see them. What carries them on is in `batch-work.ts`.
import type { JsonObject } from '../core/json.ts'
import { targetsFrom } from './batch-targets-read.ts'
import { hasFailed, type LockedBatch } from './batch-work.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'
import { type Visible, where } from './where.ts'

export interface BatchRow {
  id: string
  workflow: string
  workflowTitle: string | null
  version: number
  collection: string
  inputs: JsonObject
  conditions: string[]
  parallel: number
  stopCount: number | null
  stopPercent: number | null
  state: LockedBatch['state']
  reason: string | null
  owner: string
  createdAt: Date
  endedAt: Date | null
}

const columns = `b.id, b.workflow, w.title as "workflowTitle", b.version, b.collection, b.inputs, b.conditions, b.parallel,
  b.stop_count as "stopCount", b.stop_percent as "stopPercent", b.state, b.reason, b.owner,
  b.created_at as "createdAt", b.ended_at as "endedAt"`
const from = 'fermata.batches b left join fermata.workflows w on w.key = b.workflow'

export interface NewBatch {
  workflow: string
  version: number
  collection: string
  inputs: JsonObject
  conditions: readonly string[]
  parallel: number
  stopCount: number | null
  stopPercent: number | null
  /** A second one with the same key is the first one. */
  dedupKey: string | null
  ownerId: string
  owner: string
  /** In the order in which they are started. */
  targets: readonly { id: string; label: string }[]
}

/** Answers its id: of the earlier one, when there is one with this key. */
export async function insertBatch(db: Db, batch: NewBatch): Promise<string> {
  const [made] = await db.query<{ id: string }>(
    `with made as (
       insert into fermata.batches (workflow, version, collection, inputs, conditions, parallel, stop_count, stop_percent,
         dedup_key, owner_id, owner, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'running') on conflict (dedup_key) do nothing returning id),
     targets as (
       insert into fermata.batch_targets (batch_id, position, target_id, label)
       select made.id, x.n, x.id, x.label from made, unnest($12::text[], $13::text[]) with ordinality x(id, label, n))
     select id from made`,
    [
      batch.workflow,
      batch.version,
      batch.collection,
      JSON.stringify(batch.inputs),
      batch.conditions,
      batch.parallel,
      batch.stopCount,
      batch.stopPercent,
      batch.dedupKey,
      batch.ownerId,
      batch.owner,
      batch.targets.map(({ id }) => id),
      batch.targets.map(({ label }) => label),
    ],
  )
  if (made) return made.id
  // A statement of its own: what another one has written meanwhile is not seen by the one that met it.
  const [earlier] = await db.query<{ id: string }>('select id from fermata.batches where dedup_key = $1', [
    batch.dedupKey,
  ])
  return earlier?.id ?? ''
}

export async function findBatch(db: Db, id: string): Promise<BatchRow | undefined> {
  const [row] = await db.query<BatchRow>(`select ${columns} from ${from} where b.id = $1`, [id], 'find_batch')
  return row
}

export interface BatchFilter {
  visible: Visible
  workflow?: string
  state?: BatchRow['state']
  cursor?: string
  limit: number
}

/** Newest first. */
export async function listBatches(
  db: Db,
  filter: BatchFilter,
): Promise<{ items: BatchRow[]; next?: string }> {
  const w = where()
  if (filter.visible !== 'all') w.and(`b.workflow = any(${w.param(filter.visible)})`)
  w.if(filter.workflow, (p) => `b.workflow = ${p}`)
  w.if(filter.state, (p) => `b.state = ${p}`)
  if (filter.cursor) {
    const [id] = decodeCursor(filter.cursor, 1)
    w.and(`b.id < ${w.param(id)}::bigint`)
  }
  const rows = await db.query<BatchRow>(
    `select ${columns} from ${from} ${w.text()} order by b.id desc limit ${filter.limit + 1}`,
    w.values,
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.id))
}

/** Ids of all its targets. */
export async function targetIds(db: Db, batch: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select target_id as id from fermata.batch_targets where batch_id = $1',
    [batch],
  )
  return rows.map(({ id }) => id)
}

/** Locks the batch; undefined: there is none. */
export async function steerBatch(
  tx: Db,
  id: string,
): Promise<{ state: BatchRow['state']; waiting: number; failed: number } | undefined> {
  const [batch] = await tx.query<{ state: BatchRow['state'] }>(
    'select state from fermata.batches where id = $1 for update',
    [id],
  )
  if (!batch) return undefined
  const [counts] = await tx.query<{ waiting: number; failed: number }>(
    `select count(*) filter (where t.state = 'waiting')::int as waiting, count(*) filter (where ${hasFailed})::int as failed
     from ${targetsFrom} where t.batch_id = $1`,
    [id],
  )
  return { state: batch.state, waiting: counts?.waiting ?? 0, failed: counts?.failed ?? 0 }
}

export interface BatchChange {
  state: BatchRow['state']
  reason: string | null
  forgiven?: number
  terminatedBy?: string | null
}

/** It is looked at again by whoever carries batches on. */
export async function changeBatch(tx: Db, id: string, change: BatchChange): Promise<void> {
  await tx.run(
    `update fermata.batches set state = $2, reason = $3, forgiven = coalesce($4, forgiven), terminated_by = $5,
       ended_at = null where id = $1`,
    [id, change.state, change.reason, change.forgiven ?? null, change.terminatedBy ?? null],
  )
}

/** Executions of a batch that a failed node holds. */
export async function heldExecutions(db: Db, batch: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select e.id from ${targetsFrom} where t.batch_id = $1 and t.state = 'started' and e.attention order by t.position`,
    [batch],
  )
  return rows.map(({ id }) => id)
}

/** Those that were refused or whose execution failed and has ended wait again; answers how many. */
export async function resetFailed(tx: Db, batch: string): Promise<number> {
  return tx.run(
    `update fermata.batch_targets r set state = 'waiting', attempt = attempt + 1, execution_id = null, outcome = null,
       reason = null, why = null, changed_at = now()
     from (select t.position from ${targetsFrom} where t.batch_id = $1 and t.state <> 'started' and ${hasFailed}) x
     where r.batch_id = $1 and r.position = x.position`,
    [batch],
  )
}

/** Deletes up to `limit` targets of batches that ended longer ago, and then the batches. */
export async function deleteBatches(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const deleted = await db.run(
    `delete from fermata.batch_targets where ctid = any(array(
       select t.ctid from fermata.batches b join fermata.batch_targets t on t.batch_id = b.id
       where b.ended_at < now() - make_interval(days => $1) limit $2))`,
    [days, limit],
  )
  if (deleted > 0) return deleted
  return db.run(
    `delete from fermata.batches where id = any(array(select id from fermata.batches
       where ended_at < now() - make_interval(days => $1) limit $2))`,
    [days, limit],
  )
}
