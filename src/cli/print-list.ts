// How every command lists things.
import { type Io, print, printJson } from './io.ts'
import { table } from './table.ts'

interface Listing<T> {
  /** The page as the API answered it, instead of a table. */
  json: boolean
  row: (item: T) => readonly string[]
}

export function printList<T>(io: Io, page: { items: readonly T[] }, { json, row }: Listing<T>): void {
  if (json) printJson(io, page)
  else if (page.items.length === 0) print(io, 'There are none.')
  else for (const line of table(page.items.map(row))) print(io, line)
}
