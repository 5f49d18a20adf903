// What access says about rows, as objects wants it: one filter per collection.
import { type Caller, rowPermissionsFor } from '../access/permissions.ts'
import { parseFilter } from '../core/path/parse.ts'
import type { RowPermissions } from '../objects/permissions.ts'

/** A collection no role says anything about is open to everybody. */
export function rowsOf(caller: Caller): RowPermissions {
  const rules = rowPermissionsFor(caller)
  return (collection) => {
    const rule = rules.get(collection) ?? 'all'
    if (typeof rule === 'string') return rule
    return parseFilter(rule.anyOf.map((filter) => `(${filter})`).join(' or '))
  }
}
