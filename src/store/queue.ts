// The queue: what is due is claimed in batches; a claim names its process (rules 21 to 23, 26).
import type { Json } from '../core/json.ts'
import type { Db } from './db.ts'

export interface ClaimedRow {
  execution: string
  run: string
  attempt: number
  kind: 'run' | 'resume' | 'wake' | 'timeout' | 'start' | 'deadline' | 'act'
  workflow: string
  crashes: number
  payload: Json
}

const returning = `q.execution_id as execution, q.run, q.attempt, q.kind, q.workflow, q.crashes, q.payload`

/**
 * Claims up to `limit` due rows. Each workflow gets an equal share first, so that one with a long queue does not
 * starve another: its due rows are found by a loose scan over (workflow, due_at).
 */
export async function claimDue(
  db: Db,
  claim: { process: string; limit: number; effects: boolean },
): Promise<ClaimedRow[]> {
  return db.query<ClaimedRow>(
    `with recursive w as (
       (select workflow from fermata.queue where claimed_by is null order by workflow limit 1)
       union all
       select (select q.workflow from fermata.queue q where q.claimed_by is null and q.workflow > w.workflow
         order by q.workflow limit 1) from w where w.workflow is not null),
     names as (select workflow, count(*) over () as n from w where workflow is not null),
     due as (select l.* from names cross join lateral (
       select q.ctid, q.due_at from fermata.queue q
       where q.workflow = names.workflow and q.claimed_by is null and q.due_at <= now() and (q.kind = 'run') = $3
       order by q.due_at limit greatest(1, ceil($2::numeric / names.n)) for update skip locked) l
       limit $2)
     update fermata.queue q set claimed_by = $1 from due where q.ctid = due.ctid returning ${returning}`,
    [claim.process, claim.limit, claim.effects],
    'claim_due',
  )
}

/** Milliseconds until the next unclaimed row is due; undefined when there is none. */
export async function nextDueMs(db: Db): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(
    `select extract(epoch from min(due_at) - now())::float8 * 1000 as ms from fermata.queue
     where claimed_by is null and due_at <> 'infinity'`,
    [],
    'next_due',
  )
  return row?.ms ?? undefined
}

/** Gives rows back, to be claimed by anybody. */
export async function releaseClaims(db: Db, process: string, keep: readonly string[] = []): Promise<number> {
  return db.run(
    `update fermata.queue set claimed_by = null where claimed_by = $1
       and not (execution_id::text || ' ' || run || ' ' || attempt = any($2))`,
    [process, keep],
  )
}

/** Puts one row off; used when something it needs is not free. */
export async function postpone(
  db: Db,
  row: { execution: string; run: string; attempt: number; kind: string },
  afterMs: number,
): Promise<void> {
  await db.run(
    `update fermata.queue set claimed_by = null, due_at = now() + $5 * interval '1 ms'
     where execution_id = $1 and run = $2 and attempt = $3 and kind = $4`,
    [row.execution, row.run, row.attempt, row.kind, afterMs],
  )
}

export async function removeRow(
  db: Db,
  row: { execution: string; run: string; attempt: number; kind: string },
): Promise<void> {
  await db.run(
    'delete from fermata.queue where execution_id = $1 and run = $2 and attempt = $3 and kind = $4',
    [row.execution, row.run, row.attempt, row.kind],
    'remove_row',
  )
}

/** While an execution is paused its queued effects are not due. */
export async function holdEffects(db: Db, execution: string): Promise<void> {
  await db.run(
    `update fermata.queue set due_at = 'infinity' where execution_id = $1 and kind = 'run' and claimed_by is null`,
    [execution],
  )
}

export async function releaseEffects(db: Db, execution: string): Promise<void> {
  await db.run(
    `update fermata.queue set due_at = now() where execution_id = $1 and kind = 'run' and due_at = 'infinity'`,
    [execution],
  )
}

/** The claims of this process that still stand: `execution run attempt`. */
export async function myClaims(db: Db, process: string): Promise<Set<string>> {
  const rows = await db.query<{ claim: string }>(
    `select execution_id || ' ' || run || ' ' || attempt as claim from fermata.queue
     where claimed_by = $1 and kind = 'run'`,
    [process],
    'my_claims',
  )
  return new Set(rows.map(({ claim }) => claim))
}

/**
 * Takes over everything claimed by processes that are gone. The executions' seq moves on, so that whatever the
 * former owner still tries to save is refused.
 */
export async function takeOver(db: Db, process: string, limit: number): Promise<ClaimedRow[]> {
  return db.query<ClaimedRow>(
    `with orphaned as (
       select q.ctid from fermata.queue q left join fermata.processes p on p.id = q.claimed_by
       where q.claimed_by is not null and p.id is null limit $2 for update of q skip locked),
     taken as (update fermata.queue q set claimed_by = $1, crashes = q.crashes + 1
       from orphaned where q.ctid = orphaned.ctid returning ${returning}),
     fenced as (update fermata.executions e set seq = e.seq + 1
       from (select distinct execution from taken) t where e.id = t.execution)
     select * from taken`,
    [process, limit],
    'take_over',
  )
}

/** Whether this process still holds the claim on an effect. */
export async function holdsClaim(
  db: Db,
  claim: { process: string; execution: string; run: string; attempt: number },
): Promise<boolean> {
  const rows = await db.query(
    `select from fermata.queue where execution_id = $1 and run = $2 and attempt = $3 and kind = 'run'
       and claimed_by = $4`,
    [claim.execution, claim.run, claim.attempt, claim.process],
    'holds_claim',
  )
  return rows.length > 0
}
