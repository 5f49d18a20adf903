// Loads the person behind a session, a token or an execution, with everything they may do, in one statement.
import type { Db } from '../store/db.ts'
import type { Grant } from './grants.ts'
import { type Caller, implies, permissionsOf, type Via } from './permissions.ts'
import { combineRowPermissions, type RoleRowPermission } from './row-permissions.ts'
import { findSession } from './sign-in/sessions.ts'
import { findToken } from './sign-in/tokens.ts'
import type { Language } from './users.ts'

interface Row {
  id: string
  name: string
  displayName: string
  language: Language | null
  mail: string | null
  roles: string[]
  own: string[]
  grants: { workflow: string; may: Grant }[]
  rows: Pick<RoleRowPermission, 'collection' | 'rule' | 'filter'>[]
}

const statement = `
  with mine as (select r.name, r.permissions from fermata.user_roles u join fermata.roles r on r.name = u.role
                where u.user_id = $1)
  select id, name, display_name as "displayName", language, mail,
    array(select name from mine order by name) as roles,
    array(select distinct p from mine, unnest(permissions) p) as own,
    (select coalesce(json_agg(json_build_object('workflow', workflow, 'may', may)), '[]')
       from fermata.grants where role in (select name from mine)) as grants,
    (select coalesce(json_agg(json_build_object('collection', collection, 'rule', rule, 'filter', filter)
       order by collection, role), '[]')
       from fermata.row_permissions where role in (select name from mine)) as rows
  from fermata.users where id = $1 and not disabled`

/** Undefined: unknown or disabled. `scopes` cut the permissions down (API tokens). */
export async function loadCaller(
  db: Db,
  userId: string,
  { via = 'cli', scopes }: { via?: Via; scopes?: readonly string[] | null } = {},
): Promise<Caller | undefined> {
  const [row] = await db.query<Row>(statement, [userId], 'load_caller')
  if (!row) return undefined
  return {
    user: row.id,
    name: row.name,
    displayName: row.displayName,
    ...(row.language ? { language: row.language } : {}),
    ...(row.mail ? { mail: row.mail } : {}),
    roles: row.roles,
    permissions: permissionsOf(row.roles, row.own, scopes ?? undefined),
    via,
    grants: highest(row.grants),
    rows: combineRowPermissions(row.rows),
  }
}

/** Undefined when the session has ended, or its user is disabled. */
export async function callerOfSession(db: Db, secret: string): Promise<Caller | undefined> {
  const userId = await findSession(db, secret)
  return userId === undefined ? undefined : loadCaller(db, userId, { via: 'session' })
}

/** Undefined when the token is unknown, revoked or expired, or its owner is disabled. */
export async function callerOfToken(db: Db, secret: string): Promise<Caller | undefined> {
  const token = await findToken(db, secret)
  return token && loadCaller(db, token.userId, { via: 'token', scopes: token.scopes })
}

function highest(grants: Row['grants']): Map<string, Grant> {
  const best = new Map<string, Grant>()
  for (const { workflow, may } of grants) {
    const known = best.get(workflow)
    if (!known || implies(may, known)) best.set(workflow, may)
  }
  return best
}
