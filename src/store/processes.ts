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
    `insert into fermata.processes (id, host, pid, roles, tags, untagged, version, capacity)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
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

/**
 * Beats, telling how many effects run, and answers the database's clock (ms since 1970); `alive` is false when others
 * declared us dead.
 */
export async function beat(
  db: Db,
  { id, running }: { id: string; running: number },
): Promise<{ alive: boolean; now: number }> {
  const [row] = await db.query<{ alive: boolean; now: number }>(
    `with b as (update fermata.processes set beat_at = now(), running = $2 where id = $1 returning id)
     select exists (select from b) as alive, extract(epoch from clock_timestamp())::float8 * 1000 as now`,
    [id, running],
    'beat',
  )
  return row ?? { alive: false, now: Date.now() }
}

export async function unregisterProcess(db: Db, id: string): Promise<void> {
  await db.run('delete from fermata.processes where id = $1', [id])
}

/**
 * Removes processes that have not beaten for so long; their claims can be taken over. `nextMs`: when the next one will
 * have been silent for so long, unless it beats.
 */
export async function removeSilent(db: Db, afterMs: number): Promise<{ removed: number; nextMs: number }> {
  const [row] = await db.query<{ removed: number; nextMs: number | null }>(
    `with gone as (delete from fermata.processes where beat_at < now() - $1 * interval '1 ms' returning id)
     select (select count(*) from gone)::int as removed, extract(epoch from min(p.beat_at) - now())::float8 * 1000 + $1 as "nextMs"
     from fermata.processes p where p.beat_at >= now() - $1 * interval '1 ms'`,
    [afterMs],
    'remove_silent',
  )
  return { removed: row?.removed ?? 0, nextMs: row?.nextMs ?? Number.POSITIVE_INFINITY }
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
