// What PostgreSQL's refusals of a write mean to the one who wrote.
import type { CollectionSchema } from '../../core/collections.ts'
import { AppError } from '../../core/errors.ts'
import { sqlState } from '../../store/db.ts'

export function explainWrite(cause: unknown, collection: CollectionSchema): never {
  switch (sqlState(cause)) {
    case '23505': {
      const name = columnIn(cause) ?? 'id'
      const detail = `There is already a record of ${collection.key} with this ${name}`
      throw new AppError('already-exists', detail, { pointer: `/${name}`, cause })
    }
    case '23001': // PostgreSQL 18 and later, for `on delete restrict`
    case '23503':
      throw referenceError(cause, collection)
    default:
      throw cause
  }
}

/** Deleting what is referred to, or referring to what was deleted a moment ago. */
function referenceError(cause: unknown, collection: CollectionSchema): AppError {
  const table = property(cause, 'table')
  if (/ referenced from table /.test(property(cause, 'detail') ?? '')) {
    return new AppError('in-use', `Records of ${table} refer to this record of ${collection.key}`, { cause })
  }
  const name = columnIn(cause)?.replace(/_id$/, '') ?? ''
  return new AppError('invalid-record', 'A record referred to no longer exists', {
    pointer: `/${name}`,
    cause,
  })
}

/** `Key (name)=(x) already exists.` */
function columnIn(error: unknown): string | undefined {
  return /^Key \("?([a-z0-9_]+)"?\)=/.exec(property(error, 'detail') ?? '')?.[1]
}

function property(error: unknown, name: 'table' | 'detail'): string | undefined {
  const value = (error as Record<string, unknown> | null)?.[name]
  return typeof value === 'string' ? value : undefined
}
