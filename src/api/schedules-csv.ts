// The list of schedules as a table for spreadsheets.
import type { Readable } from 'node:stream'
import type { Caller } from '../access/permissions.ts'
import type { Db } from '../store/db.ts'
import { listSchedules, type ScheduleFilter, type ScheduleRow } from '../store/schedules.ts'
import { type CsvColumn, csvOf } from './csv.ts'
import { withSeenTargets } from './seen-records.ts'
import { isoOrNull } from './views/present.ts'

const columns: readonly CsvColumn<ScheduleRow>[] = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['state', (row) => row.state],
  ['workflow', (row) => row.workflow],
  ['title', (row) => row.workflowTitle],
  ['version', (row) => row.version],
  ['target', (row) => row.targetLabel],
  ['mode', (row) => row.timing.mode],
  ['timing', (row) => JSON.stringify(row.timing)],
  ['time_zone', (row) => row.timeZone],
  ['next_fire_at', (row) => isoOrNull(row.state === 'active' ? row.nextFireAt : null)],
  ['completed', (row) => row.counts.completed],
  ['running', (row) => row.counts.running],
  ['failed', (row) => row.counts.failed],
  ['canceled', (row) => row.counts.canceled],
  ['role', (row) => row.role],
  ['owner', (row) => row.owner],
  ['created_at', (row) => isoOrNull(row.createdAt)],
]

const pageSize = 500

export const csvOfSchedules = (
  db: Db,
  filter: Omit<ScheduleFilter, 'limit' | 'cursor'>,
  { caller, closing }: { caller: Caller; closing: AbortSignal },
): Readable => {
  const read = async (at: { cursor?: string }) => {
    const { items, ...rest } = await listSchedules(db, { ...filter, ...at, limit: pageSize })
    return { items: await withSeenTargets(db, caller, items), ...rest }
  }
  return csvOf(columns, read, closing)
}
