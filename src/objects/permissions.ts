// Which records of a collection a person may see and change (rule 32). Grants come from access; here they become SQL.
import { AppError } from '../core/errors.ts'
import type { Filter } from '../core/path/ast.ts'
import { compileFilter, type FilterTarget } from './sql/filter.ts'

/** For each collection: all records, none, or those a filter selects. Undefined is none: nothing was granted. */
export type RowPermissions = (collection: string) => Filter | 'all' | 'none' | undefined

/** For the system itself and for administrators. */
export const allRows: RowPermissions = () => 'all'

/** A condition on `target.alias`. Throws `forbidden` for a permission that does not fit its collection (any more). */
export function permissionSql(permissions: RowPermissions, target: FilterTarget): string {
  const permission = permissions(target.collection.key)
  if (permission === 'all') return 'true'
  if (permission === 'none' || permission === undefined) return 'false'
  try {
    return compileFilter(permission, target)
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
    const detail = `The row permission on ${target.collection.key} is not valid: ${cause.message}`
    throw new AppError('forbidden', detail, { cause })
  }
}
