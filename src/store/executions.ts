// The engine's own reads and writes of executions, besides the save statement.
import type { Json, JsonObject } from '../core/json.ts'
import type { RunError } from '../core/outcome.ts'
import { readSnapshot } from '../core/snapshot.ts'
import type { State } from '../core/state.ts'
import type { Db } from './db.ts'
import type { Save } from './save.ts'

export interface StoredExecution {
  id: string
  workflow: string
  version: number
  status: string
  seq: number
  snapshot: State
  inputs: JsonObject | null
  output: Json
  targetCollection: string | null
  targetId: string | null
  targetLabel: string | null
  startedBy: string
  parentId: string | null
  parentRun: string | null
  parentAttempt: number | null
  depth: number
  concurrencyKey: string | null
  test: boolean
  dispatched: number
  startedAt: Date | null
  trace: string | null
  bindings: { run: string; collection: string; records: string[]; mode: string; toOne: boolean }[] | null
}

/** Blocks of ids by one statement; each `nextval` gives 64. */
export async function allocateIds(db: Db, blocks: number): Promise<bigint[]> {
  const rows = await db.query<{ id: string }>(
    `select nextval('fermata.execution_ids') as id from generate_series(1, $1)`,
    [blocks],
    'allocate_ids',
  )
  return rows.map(({ id }) => BigInt(id))
}

/** What the gate needs to go on with executions, in one read; in the order of the ids. */
export async function loadExecutions(
  db: Db,
  ids: readonly string[],
): Promise<(StoredExecution | undefined)[]> {
  const rows = await db.query<StoredExecution>(
    `select e.id, e.workflow, e.version, e.status, e.seq, e.snapshot, e.inputs, e.output,
       e.target_collection as "targetCollection", e.target_id as "targetId", e.target_label as "targetLabel",
       e.started_by as "startedBy", e.parent_id as "parentId", e.parent_run as "parentRun", e.parent_attempt as "parentAttempt",
       e.depth,
       e.concurrency_key as "concurrencyKey", e.test, e.dispatched, e.started_at as "startedAt", e.trace,
       (select json_agg(json_build_object('run', b.run, 'collection', b.collection, 'records', b.records,
         'mode', b.mode, 'toOne', b.to_one)) from fermata.bindings b where b.execution_id = e.id) as bindings
     from fermata.executions e where e.id = any($1::bigint[])`,
    [ids],
    'load_executions',
  )
  const byId = new Map(rows.map((row) => [row.id, { ...row, snapshot: readSnapshot(row.snapshot) }]))
  return ids.map((id) => byId.get(id))
}

export interface StoredResult {
  run: string
  attempt: number
  status: string
  output: Json
  error: RunError | null
}

/** Last settled attempts of the given nodes; `prefix` keeps to one scope or one bound node's records. */
export async function loadResults(
  db: Db,
  wanted: { execution: string; nodes: readonly string[]; prefix?: string },
): Promise<StoredResult[]> {
  return db.query<StoredResult>(
    `select distinct on (n.run) n.run, n.attempt, n.status, coalesce(n.output, b.content) as output, n.error
     from fermata.all_node_runs n left join fermata.blobs b using (execution_id, run, attempt)
     where n.execution_id = $1 and n.node = any($2) and n.ended_at is not null
       and ($3::text is null or starts_with(n.run, $3))
     order by n.run, n.attempt desc`,
    [wanted.execution, wanted.nodes, wanted.prefix ?? null],
    'load_results',
  )
}

/** The items a container keeps with its input. Attempts that repeat some of them have no input of their own. */
export async function loadItems(db: Db, key: { execution: string; run: string }): Promise<Json[]> {
  const [row] = await db.query<{ items: Json[] | null }>(
    `select input -> 'items' as items from fermata.all_node_runs where execution_id = $1 and run = $2
       and input is not null order by attempt desc limit 1`,
    [key.execution, key.run],
    'load_items',
  )
  return row?.items ?? []
}

/** In the order of the keys. */
export async function findByDedupKeys(
  db: Db,
  keys: readonly string[],
): Promise<({ id: string; status: string } | undefined)[]> {
  const rows = await db.query<{ key: string; id: string; status: string }>(
    'select dedup_key as key, id, status from fermata.executions where dedup_key = any($1)',
    [keys],
    'find_by_dedup_keys',
  )
  const found = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => found.get(key))
}

export async function readStatus(db: Db, id: string): Promise<{ status: string; seq: number } | undefined> {
  const [row] = await db.query<{ status: string; seq: number }>(
    'select status, seq from fermata.executions where id = $1',
    [id],
    'read_status',
  )
  return row
}

/**
 * Whether a save whose commit is of unknown fate, and which was refused when repeated, had been written: its snapshot
 * stands, and so do a claim it made and a row it wrote. An id is given once, so an execution that is there was inserted by us.
 */
export async function wasWritten(db: Pick<Db, 'query'>, save: Save): Promise<boolean> {
  const claim = save.queue.find((row) => row.claimedBy !== undefined && row.execution === undefined)
  const [row] = save.runs
  // Nothing to know it by: the release of a dead process's claims moves seq and leaves the snapshot as it is.
  if (save.parked && !claim && !row) return false
  const rows = await db.query(
    `select from fermata.executions e where e.id = $1 and ($2 or (e.seq = $3 and e.snapshot::text = $4
       and ($5::text is null or exists (select from fermata.queue q where q.execution_id = e.id and q.run = $5
         and q.attempt = $6 and q.kind = $7 and q.claimed_by = $8))
       and ($9::text is null or exists (select from fermata.all_node_runs n where n.execution_id = e.id and n.run = $9
         and n.attempt = $10 and n.seq = $3 and n.worker is not distinct from $11))))`,
    [
      save.id,
      save.insert !== undefined,
      save.seq + 1,
      save.header.snapshot,
      ...[claim?.run ?? null, claim?.attempt ?? null, claim?.kind ?? null, claim?.claimedBy ?? null],
      ...[row?.run ?? null, row?.attempt ?? null, row?.worker ?? null],
    ],
  )
  return rows.length > 0
}

/** Live children, by the run that started them. */
export async function findChildren(
  db: Db,
  parent: string,
): Promise<{ id: string; run: string; attempt: number }[]> {
  return db.query(
    `select id, parent_run as run, parent_attempt as attempt from fermata.executions where parent_id = $1 and ended_at is null`,
    [parent],
  )
}

/**
 * Locks are taken before their execution is stored. Those of a start that never came about, or of an execution that
 * ended meanwhile, would be held for ever: old ones without a live execution are let go.
 */
export async function releaseDeadLocks(db: Db): Promise<number> {
  return db.run(
    `delete from fermata.locks l where l.taken_at < now() - interval '5 minutes' and not exists (
       select from fermata.executions e where e.id = l.execution_id and e.ended_at is null)`,
    [],
    'release_dead_locks',
  )
}

/** Wakes the queued executions of a workflow: there may be a place now. */
export async function wakeQueued(db: Db, workflow: string): Promise<void> {
  await db.run(
    `update fermata.queue set due_at = now() where kind = 'start' and claimed_by is null and workflow = $1`,
    [workflow],
    'wake_queued',
  )
}

/** Wakes the queued executions on a target: it may be free now. */
export async function wakeQueuedOn(db: Db, target: { collection: string; id: string }): Promise<void> {
  await db.run(
    `update fermata.queue q set due_at = now() from fermata.executions e
     where e.target_collection = $1 and e.target_id = $2 and e.status = 'queued'
       and q.execution_id = e.id and q.kind = 'start' and q.claimed_by is null`,
    [target.collection, target.id],
    'wake_queued_on',
  )
}
