// The history of a schedule: its firings and what became of each.
import type { Why } from '../core/why.ts'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'
import type { Db } from './db.ts'

export interface FiringRow {
  due: Date
  status: 'starting' | 'waiting' | 'started' | 'skipped' | 'missed' | 'refused'
  reason: string | null
  why: Why | null
  execution: string | null
  executionStatus: string | null
  startedAt: Date | null
  endedAt: Date | null
}

/** Latest first. */
export async function listFirings(
  db: Db,
  filter: { schedule: string; cursor?: string; limit: number },
): Promise<{ items: FiringRow[]; next?: string }> {
  const before = filter.cursor ? decodeCursor(filter.cursor, 1)[0] : null
  const rows = await db.query<FiringRow & { at: string }>(
    `select f.due_at as due, f.status, f.reason, f.why, f.execution_id as execution, e.status as "executionStatus",
       e.started_at as "startedAt", e.ended_at as "endedAt", f.due_at::text as at
     from fermata.firings f left join fermata.executions e on e.id = f.execution_id
     where f.schedule_id = $1 and ($2::timestamptz is null or f.due_at < $2::timestamptz)
     order by f.due_at desc limit $3`,
    [filter.schedule, before, filter.limit + 1],
  )
  return pageOf(rows, filter.limit, (row) => encodeCursor(row.at))
}
