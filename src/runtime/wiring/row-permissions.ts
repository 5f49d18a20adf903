// Which records an execution may see and touch: those of the person who started it (rule 32).
import { loadCaller } from '../../access/callers.ts'
import { type Caller, rowPermissionsFor } from '../../access/permissions.ts'
import { findUserByName } from '../../access/users.ts'
import { parseFilter } from '../../core/path/parse.ts'
import { allRows, type RowPermissions } from '../../objects/permissions.ts'
import type { Db } from '../../store/db.ts'

/** What access says about rows, as objects wants it. A collection no role says anything about is open to everybody. */
export function rowsOf(caller: Caller): RowPermissions {
  const rules = rowPermissionsFor(caller)
  return (collection) => {
    const rule = rules.get(collection) ?? 'all'
    if (typeof rule === 'string') return rule
    return parseFilter(rule.anyOf.map((filter) => `(${filter})`).join(' or '))
  }
}

const noRows: RowPermissions = () => 'none'
// A binding of thousands of records asks for each; what an administrator changes holds soon enough.
const keptMs = 3000
const mostKept = 1000

/** By principal: a user's own rows, all for the system itself, none for whoever is gone or disabled. */
export function principalRows(db: Db): (principal: string) => Promise<RowPermissions> {
  const kept = new Map<string, { rows: Promise<RowPermissions>; until: number }>()
  return (principal) => {
    if (principal === 'system') return Promise.resolve(allRows)
    const known = kept.get(principal)
    if (known && known.until > Date.now()) return known.rows
    if (kept.size >= mostKept) kept.clear()
    const rows = loadRows(db, principal)
    kept.set(principal, { rows, until: Date.now() + keptMs })
    // A failure is not remembered: the next call asks again.
    rows.catch(() => kept.delete(principal))
    return rows
  }
}

async function loadRows(db: Db, name: string): Promise<RowPermissions> {
  const user = await findUserByName(db, name)
  const caller = user && (await loadCaller(db, user.id))
  return caller ? rowsOf(caller) : noRows
}
