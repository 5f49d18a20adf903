// The list of executions as a table for spreadsheets: page after page, as fast as the reader takes it.
import { Readable } from 'node:stream'
import type { Db } from '../store/db.ts'
import { type ExecutionFilter, type ListedExecution, listExecutions } from '../store/executions-list.ts'
import { isoOrNull } from './views/present.ts'

const columns: readonly [title: string, value: (row: ListedExecution) => string | number | boolean | null][] =
  [
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
/** Without it spreadsheets take the text for their own code page. */
const byteOrderMark = '\uFEFF'

/** Ends early when the reader goes or `closing` is aborted. */
export function csvOfExecutions(
  db: Db,
  filter: Omit<ExecutionFilter, 'limit' | 'cursor'>,
  closing: AbortSignal,
): Readable {
  return Readable.from(pages(db, filter, closing), { highWaterMark: 1 })
}

async function* pages(
  db: Db,
  filter: Omit<ExecutionFilter, 'limit' | 'cursor'>,
  closing: AbortSignal,
): AsyncGenerator<string> {
  yield byteOrderMark + line(columns.map(([title]) => title))
  let cursor: string | undefined
  do {
    if (closing.aborted) throw new Error('The server stops')
    const at = cursor === undefined ? {} : { cursor }
    const { items, next } = await listExecutions(db, { ...filter, ...at, limit: pageSize })
    if (items.length > 0) yield items.map((row) => line(columns.map(([, value]) => value(row)))).join('')
    cursor = next
  } while (cursor !== undefined)
}

const line = (values: readonly (string | number | boolean | null)[]): string =>
  `${values.map((value) => csvCell(value === null ? '' : String(value))).join(',')}\r\n`

/** What a spreadsheet would take for a formula stays text: labels are written by people, and by machines. */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
