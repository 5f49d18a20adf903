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
  /** How long after it was due it was claimed; null when that is not known. */
  lateMs?: number | null
}

export interface DueClaim {
  process: string
  limit: number
  /** Effects, or everything else. */
  effects: boolean
  /** Effects under way in this process, by workflow. */
  taken?: ReadonlyMap<string, number>
  /** One effect that was interrupted more than once may come too, beyond the limit. */
  suspect?: boolean
  /** Effects that ask for this tag; without it those that ask for none. */
  tag?: string | undefined
}

/**
 * One crash interrupts all that a process has in hand, a thousand effects that did nothing bad: they go on together.
 * Those interrupted so often are tried one by one, so that the one to blame is found before it takes others with it.
 */
export const lonelyFrom = 2

export type QueueKey = Pick<ClaimedRow, 'execution' | 'run' | 'attempt' | 'kind'>

/** What is looked for together: timers and the like, effects without a tag, or those that ask for one. */
interface Kind {
  effects: boolean
  tag?: string | undefined
}

/** Rows of this kind that nobody has claimed; each kind has an index of its own, so that none is in another's way. */
function unclaimed({ effects, tag }: Kind, parameter: number): string {
  if (!effects) return `q.claimed_by is null and q.kind <> 'run'`
  return `q.claimed_by is null and q.kind = 'run' and ${tag === undefined ? 'q.tag is null' : `q.tag = $${parameter}`}`
}

/** Workflows with such rows, found by a loose scan over the index (workflow, due_at). */
const workflows = (free: string): string => `w as (
       (select q.workflow from fermata.queue q where ${free} order by q.workflow limit 1)
       union all
       select (select q.workflow from fermata.queue q where ${free} and q.workflow > w.workflow
         order by q.workflow limit 1) from w where w.workflow is not null)`

/** Each kind is a statement of its own. */
function named(name: string, { effects, tag }: Kind): string {
  if (!effects) return `${name}_timers`
  return tag === undefined ? name : `${name}_tagged`
}
const tagged = ({ tag }: Kind): string[] => (tag === undefined ? [] : [tag])

/** An effect whose process died has the time of the first one in its row (docs/adr/0016): how late it is is not known. */
const returning = `q.execution_id as execution, q.run, q.attempt, q.kind, q.workflow, q.crashes, q.payload,
  case when q.kind <> 'run' or q.crashes = 0 then extract(epoch from now() - q.due_at)::float8 * 1000 end as "lateMs"`

/**
 * Claims up to `limit` due rows. Workflows take turns, those with the fewest effects under way (`taken`) first, so that
 * one with a long queue does not starve another.
 * Effects that were interrupted more than once come one at a time, and only if `suspect` says so. A process that others
 * have declared dead claims nothing.
 */
export async function claimDue(db: Db, claim: DueClaim): Promise<ClaimedRow[]> {
  const { process, limit, effects, taken = new Map<string, number>(), suspect = false } = claim
  const free = unclaimed(claim, 6)
  const calm = effects ? `and q.crashes < ${lonelyFrom}` : ''
  return db.query<ClaimedRow>(
    `with recursive ${workflows(free)},
     names as (select w.workflow, count(*) over () as n, coalesce(t.taken, 0) as taken
       from w left join unnest($3::text[], $4::int[]) as t (workflow, taken) on t.workflow = w.workflow
       where w.workflow is not null),
     due as (select l.*, names.workflow, names.taken from names cross join lateral (
       select q.ctid, q.due_at from fermata.queue q
       where q.workflow = names.workflow and ${free} and q.due_at <= now() ${calm}
       order by q.due_at limit greatest(1, ceil($2::numeric / names.n)) for update skip locked) l),
     chosen as (select ctid from due order by
       taken + row_number() over (partition by workflow order by due_at), due_at limit $2),
     suspect as (select q.ctid from fermata.queue q where $5 and ${free} and q.crashes >= ${lonelyFrom}
       and q.kind = 'run' and q.due_at <= now() order by q.due_at limit 1 for update skip locked)
     update fermata.queue q set claimed_by = $1 from (table chosen union all table suspect) c
     where q.ctid = c.ctid and exists (select from fermata.processes p where p.id = $1) returning ${returning}`,
    [process, limit, [...taken.keys()], [...taken.values()], suspect, ...tagged(claim)],
    named('claim_due', claim),
  )
}

/** Workflows with effects that are due and claimed by nobody. */
export async function waitingWorkflows(db: Db, tag?: string): Promise<string[]> {
  const kind = { effects: true, tag }
  const free = unclaimed(kind, 1)
  const rows = await db.query<{ workflow: string }>(
    `with recursive ${workflows(free)} select w.workflow from w where exists (select from fermata.queue q
       where q.workflow = w.workflow and ${free} and q.due_at <= now())`,
    tagged(kind),
    named('waiting_workflows', kind),
  )
  return rows.map(({ workflow }) => workflow)
}

/** Milliseconds until the next unclaimed row of one of these kinds is due; undefined when there is none. */
export async function nextDueMs(db: Db, kinds: readonly Kind[]): Promise<number | undefined> {
  const tags = kinds.flatMap(tagged)
  const looks = kinds.map((kind) => {
    const free = unclaimed(kind, tags.indexOf(kind.tag ?? '') + 1)
    return `(with recursive ${workflows(free)} select min(l.due_at) from w cross join lateral (
       select q.due_at from fermata.queue q where q.workflow = w.workflow and ${free} and q.due_at <> 'infinity'
       order by q.due_at limit 1) l)`
  })
  if (looks.length === 0) return undefined
  const [row] = await db.query<{ ms: number | null }>(
    `select extract(epoch from least(${looks.join(', ')}) - now())::float8 * 1000 as ms`,
    tags,
    `next_due ${kinds.map((kind) => named('', kind)).join()}`,
  )
  return row?.ms ?? undefined
}

/** Gives these rows of a process back, to be claimed by anybody. */
export async function releaseRows(db: Db, process: string, rows: readonly QueueKey[]): Promise<number> {
  return db.run(
    `update fermata.queue q set claimed_by = null
     from unnest($2::bigint[], $3::text[], $4::int[], $5::text[]) as x (id, run, attempt, kind)
     where q.claimed_by = $1 and q.execution_id = x.id and q.run = x.run and q.attempt = x.attempt and q.kind = x.kind`,
    [
      process,
      rows.map(({ execution }) => execution),
      rows.map(({ run }) => run),
      rows.map(({ attempt }) => attempt),
      rows.map(({ kind }) => kind),
    ],
    'release_rows',
  )
}

/** Puts one row of a process off; used when something it needs is not free. */
export async function postpone(db: Db, row: QueueKey & { process: string }, afterMs: number): Promise<void> {
  await db.run(
    `update fermata.queue set claimed_by = null, due_at = now() + $5 * interval '1 ms'
     where execution_id = $1 and run = $2 and attempt = $3 and kind = $4 and claimed_by = $6`,
    [row.execution, row.run, row.attempt, row.kind, afterMs, row.process],
    'postpone',
  )
}

export async function removeRow(db: Db, row: QueueKey): Promise<void> {
  await db.run(
    'delete from fermata.queue where execution_id = $1 and run = $2 and attempt = $3 and kind = $4',
    [row.execution, row.run, row.attempt, row.kind],
    'remove_row',
  )
}

/** Everything claimed in the name of a process. */
export async function claimsOf(db: Db, process: string): Promise<QueueKey[]> {
  return db.query<QueueKey>(
    'select execution_id as execution, run, attempt, kind from fermata.queue where claimed_by = $1',
    [process],
    'claims_of',
  )
}

/**
 * Frees up to `limit` rows claimed by processes that are gone, each with one more crash to its name. The executions'
 * seq moves on, so that whatever the former owner still tries to save is refused.
 */
export async function releaseOrphans(db: Db, limit: number): Promise<number> {
  const [row] = await db.query<{ released: number }>(
    `with orphaned as (
       select q.ctid from fermata.queue q left join fermata.processes p on p.id = q.claimed_by
       where q.claimed_by is not null and p.id is null limit $1 for update of q skip locked),
     released as (update fermata.queue q set claimed_by = null, crashes = q.crashes + 1
       from orphaned where q.ctid = orphaned.ctid returning q.execution_id),
     fenced as (update fermata.executions e set seq = e.seq + 1
       from (select distinct execution_id from released) t where e.id = t.execution_id)
     select count(*)::int as released from released`,
    [limit],
    'release_orphans',
  )
  return row?.released ?? 0
}

export type ClaimedRun = Pick<ClaimedRow, 'execution' | 'run' | 'attempt' | 'crashes'>

/**
 * Whether this process still holds the claims on these effects, one by one. One that others have released and this
 * process has got anew is another claim: its row counts one more crash.
 */
export async function holdsClaims(db: Db, process: string, runs: readonly ClaimedRun[]): Promise<boolean[]> {
  const rows = await db.query<{ holds: boolean }>(
    `select q.run is not null as holds
     from unnest($2::bigint[], $3::text[], $4::int[], $5::int[]) with ordinality x (id, run, attempt, crashes, n)
     left join fermata.queue q on q.execution_id = x.id and q.run = x.run and q.attempt = x.attempt
       and q.kind = 'run' and q.claimed_by = $1 and q.crashes = x.crashes
     order by x.n`,
    [
      process,
      runs.map(({ execution }) => execution),
      runs.map(({ run }) => run),
      runs.map(({ attempt }) => attempt),
      runs.map(({ crashes }) => crashes),
    ],
    'holds_claims',
  )
  return rows.map(({ holds }) => holds)
}
