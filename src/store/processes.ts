// One heartbeat row per process; a row that stops beating is removed and its claims are taken over.
import type { Db } from './db.ts'

export interface ProcessRow {
  id: string
  host: string
  pid: number
  roles: string[]
  /** Effects that ask for one of these run here. */
  tags: string[]
  /** So do those that ask for none. */
  untagged: boolean
  /** Of the program. */
  version: string
  /** Effects it runs at the same time. */
  capacity: number
}

export async function registerProcess(db: Db, process: ProcessRow): Promise<void> {
  await db.run(
    `insert into fermata.processes (id, host, pid, roles, tags, untagged, version, capacity, reads_packs)
     values ($1, $2, $3, $4, $5, $6, $7, $8, true) on conflict do nothing`,
    [
      process.id,
      process.host,
      process.pid,
      process.roles,
      process.tags,
      process.untagged,
      process.version,
      process.capacity,
    ],
  )
}

export interface Beat {
  /** False: others declared us dead. */
  alive: boolean
  /** The database's clock, ms since 1970. */
  now: number
  /** Processes that were silent for too long: removed, their claims can be taken over. */
  removed: number
  /** When the next one will have been silent for so long, unless it beats. */
  nextMs: number
  /** Processes besides this one. */
  others: number
  /** Something is claimed in the name of this process, or of one that is gone. */
  claims: boolean
  orphans: boolean
  /** No process is there that would not find node runs that share rows (ADR 31). */
  allReadPacks: boolean
}

/**
 * Tells that this process lives and how many effects run; removes those silent for `deadAfterMs`. All that a process
 * must learn each few seconds comes with it: one that has nothing to do asks nothing else.
 */
export async function beat(
  db: Db,
  { id, running, deadAfterMs }: { id: string; running: number; deadAfterMs: number },
): Promise<Beat> {
  const [row] = await db.query<Omit<Beat, 'nextMs'> & { nextMs: number | null }>(
    `with own as (update fermata.processes set beat_at = now(), running = $2 where id = $1 returning id),
     gone as (delete from fermata.processes where id = any(array(select id from fermata.processes
       where id <> $1 and beat_at < now() - $3 * interval '1 ms' for update skip locked)) returning id)
     select exists (select from own) as alive, extract(epoch from clock_timestamp())::float8 * 1000 as now,
       (select count(*) from gone)::int as removed, count(*)::int as others,
       extract(epoch from min(p.beat_at) - now())::float8 * 1000 + $3 as "nextMs",
       exists (select from fermata.queue where claimed_by = $1) as claims,
       exists (select from fermata.queue q left join fermata.processes o on o.id = q.claimed_by
         where q.claimed_by is not null and o.id is null) as orphans,
       not exists (select from fermata.processes where not reads_packs) as "allReadPacks"
     from fermata.processes p where p.id <> $1 and p.beat_at >= now() - $3 * interval '1 ms'`,
    [id, running, deadAfterMs],
    'beat',
  )
  if (!row) throw new Error('A heartbeat was not answered')
  return { ...row, nextMs: row.nextMs ?? Number.POSITIVE_INFINITY }
}

export async function unregisterProcess(db: Db, id: string): Promise<void> {
  await db.run('delete from fermata.processes where id = $1', [id])
}

export interface LiveProcess extends ProcessRow {
  /** Effects under way at the last heartbeat. */
  running: number
  beatAt: Date
  startedAt: Date
}

export async function listProcesses(db: Db): Promise<LiveProcess[]> {
  return db.query(
    `select id, host, pid, roles, tags, untagged, version, capacity, running, beat_at as "beatAt",
       started_at as "startedAt" from fermata.processes order by started_at, id`,
  )
}

/** Processes of one host by their pids, to be removed at once when the operating system no longer knows them. */
export async function removeProcesses(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.run('delete from fermata.processes where id = any($1)', [ids])
}
