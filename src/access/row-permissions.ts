// Which records of a collection a role may see and touch. Filters are in the language of paths.
import { AppError } from '../core/errors.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { requireRole } from './roles.ts'

/** `anyOf`: filters as inside the brackets of a path; a record is allowed when one of them holds. */
export type RowRule = 'all' | 'none' | { anyOf: readonly string[] }

/** By collection; a collection that is missing here is allowed whole. */
export type RowPermissions = ReadonlyMap<string, RowRule>

export interface RoleRowPermission {
  role: string
  collection: string
  rule: 'all' | 'none' | 'filter'
  filter: string | null
}

export interface RowPermissionChange {
  role: string
  collection: string
  /** `null`: the role no longer says anything about the collection. */
  rule: 'all' | 'none' | { filter: string } | null
}

/** Throws `not-found` for an unknown role, `invalid-path` for a filter that does not parse. */
export async function setRowPermission(db: Db, change: RowPermissionChange): Promise<void> {
  const { role, collection, rule } = change
  await requireRole(db, role)
  if (rule === null) {
    await db.run('delete from fermata.row_permissions where role = $1 and collection = $2', [
      role,
      collection,
    ])
    return
  }
  const filter = typeof rule === 'object' ? checked(rule.filter) : null
  await db.run(
    `insert into fermata.row_permissions (role, collection, rule, filter) values ($1, $2, $3, $4)
     on conflict (role, collection) do update set rule = excluded.rule, filter = excluded.filter`,
    [role, collection, filter === null ? rule : 'filter', filter],
  )
}

export async function listRowPermissions(db: Db, role?: string): Promise<RoleRowPermission[]> {
  return db.query<RoleRowPermission>(
    `select role, collection, rule, filter from fermata.row_permissions
     where $1::text is null or role = $1 order by role, collection`,
    [role ?? null],
  )
}

/** The rules of several roles put together: of the roles that say anything, the most generous counts. */
export function combineRowPermissions(
  rows: readonly Pick<RoleRowPermission, 'collection' | 'rule' | 'filter'>[],
): RowPermissions {
  const rules = new Map<string, RowRule>()
  for (const { collection, rule, filter } of rows) {
    const next: RowRule = rule === 'filter' ? { anyOf: [filter ?? 'false'] } : rule
    rules.set(collection, union(rules.get(collection) ?? 'none', next))
  }
  return rules
}

function union(a: RowRule, b: RowRule): RowRule {
  if (a === 'all' || b === 'all') return 'all'
  if (a === 'none') return b
  if (b === 'none') return a
  return { anyOf: [...a.anyOf, ...b.anyOf] }
}

function checked(filter: string): string {
  if (filter.trim() === '')
    throw new AppError('invalid-path', 'A filter may not be empty', { pointer: '/filter' })
  parseFilter(filter)
  return filter
}
