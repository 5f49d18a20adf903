// The list of executions as a table for spreadsheets.
import type { Readable } from 'node:stream'
import type { Caller } from '../access/permissions.ts'
import type { Db } from '../store/db.ts'
import { type ExecutionFilter, type ListedExecution, listExecutions } from '../store/executions-list.ts'
import { type CsvColumn, csvOf } from './csv.ts'
import { asSeen } from './seen-executions.ts'
import { isoOrNull } from './views/present.ts'

const columns: readonly CsvColumn<ListedExecution>[] = [
  ['id', (row) => row.id],
  ['workflow', (row) => row.workflow],
  ['title', (row) => row.workflowTitle],
  ['version', (row) => row.version],
  ['status', (row) => row.status],
  ['waiting', (row) => row.waiting],
  ['attention', (row) => row.attention],
  ['test', (row) => row.test],
  ['reason', (row) => row.reason],
  ['target_collection', (row) => row.targetCollection],
  ['target_id', (row) => row.targetId],
  ['target', (row) => row.targetLabel],
  ['trigger', (row) => row.trigger],
  ['started_by', (row) => row.startedBy],
  ['parent', (row) => row.parentId],
  ['origin', (row) => row.origin],
  ['created_at', (row) => isoOrNull(row.createdAt)],
  ['started_at', (row) => isoOrNull(row.startedAt)],
  ['ended_at', (row) => isoOrNull(row.endedAt)],
]

const pageSize = 500

export const csvOfExecutions = (
  db: Db,
  filter: Omit<ExecutionFilter, 'limit' | 'cursor'>,
  { caller, closing }: { caller: Caller; closing: AbortSignal },
): Readable => {
  const read = async (at: { cursor?: string }) => {
    const { items, ...rest } = await listExecutions(db, { ...filter, ...at, limit: pageSize })
    return { items: await asSeen(db, caller, items), ...rest }
  }
  return csvOf(columns, read, closing)
}
