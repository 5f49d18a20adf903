// Keyset cursors: the sort key of the last row shown, opaque to callers.
import { AppError } from '../core/errors.ts'

export function encodeCursor(...key: (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The `size` parts of a cursor as text; throws `bad-request` for anything this server did not write. */
export function decodeCursor(cursor: string, size: number): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === size) return key.map(String)
  } catch {
    // Not JSON: refused below like every other foreign text.
  }
  throw new AppError('bad-request', 'This cursor was not made by this server', { pointer: '/cursor' })
}

/** One page of `limit` rows out of up to `limit + 1` read. */
export function pageOf<R>(
  rows: R[],
  limit: number,
  cursorOf: (row: R) => string,
): { items: R[]; next?: string } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last ? { items, next: cursorOf(last) } : { items }
}
