// How the last day went, in half hours. Each is counted up to a bound: what is drawn does not grow without end.
import type { Db } from './db.ts'
import { type ExecutionFilter, findBy } from './executions-list.ts'

export interface StripRow {
  from: Date
  to: Date
  completed: number
  failed: number
  canceled: number
  live: number
  more: boolean
}

const most = 500

export type StripFilter = Omit<ExecutionFilter, 'from' | 'to' | 'cursor' | 'limit'>

/** The last 48 half hours that began, oldest first. */
export async function readStrip(db: Db, filter: StripFilter): Promise<StripRow[]> {
  const inside = 'e.created_at >= b.at and e.created_at < b.until'
  const { w, ways } = await findBy(db, { ...filter, limit: most }, inside)
  const source = `select distinct id, status from (${ways}) found limit ${most + 1}`
  return db.query<StripRow>(
    `with parts as (select at, at + interval '30 minutes' as until from generate_series(
         date_bin('30 minutes', now(), 'epoch') - interval '23.5 hours', now(), interval '30 minutes') at)
     select b.at as from, b.until as to, count(*) filter (where s.status = 'completed')::int as completed,
       count(*) filter (where s.status in ('failed', 'error', 'rejected'))::int as failed,
       count(*) filter (where s.status = 'canceled')::int as canceled,
       count(*) filter (where s.status in ('queued', 'running', 'paused'))::int as live, count(s.status) > ${most} as more
     from parts b left join lateral (${source}) s on true group by b.at, b.until order by b.at`,
    w.values,
  )
}
