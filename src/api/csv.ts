// A list as a table for spreadsheets: page after page, as fast as the reader takes it.
import { Readable } from 'node:stream'

type Value = string | number | boolean | null
export type CsvColumn<R> = readonly [title: string, value: (row: R) => Value]

/** Without it spreadsheets take the text for their own code page. */
const byteOrderMark = '\uFEFF'

interface Page<R> {
  items: readonly R[]
  next?: string
}

/** Ends early when the reader goes or `closing` is aborted. */
export function csvOf<R>(
  columns: readonly CsvColumn<R>[],
  read: (at: { cursor?: string }) => Promise<Page<R>>,
  closing: AbortSignal,
): Readable {
  return Readable.from(lines(columns, read, closing), { highWaterMark: 1 })
}

async function* lines<R>(
  columns: readonly CsvColumn<R>[],
  read: (at: { cursor?: string }) => Promise<Page<R>>,
  closing: AbortSignal,
): AsyncGenerator<string> {
  yield byteOrderMark + line(columns.map(([title]) => title))
  let cursor: string | undefined
  do {
    if (closing.aborted) throw new Error('The server stops')
    const { items, next } = await read(cursor === undefined ? {} : { cursor })
    if (items.length > 0) yield items.map((row) => line(columns.map(([, value]) => value(row)))).join('')
    cursor = next
  } while (cursor !== undefined)
}

const line = (values: readonly Value[]): string =>
  `${values.map((value) => csvCell(value === null ? '' : String(value))).join(',')}\r\n`

/** What a spreadsheet would take for a formula stays text: labels are written by people, and by machines. */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
