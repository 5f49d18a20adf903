// What a caller may do: permissions by role, grants by workflow. Pure; `callers.ts` loads them.
import type { Grant } from './grants.ts'
import type { RowPermissions } from './row-permissions.ts'
import type { Language } from './users.ts'

/** The closed list. What concerns one workflow also needs a grant on it (`mayOnWorkflow`). */
export const permissions = [
  'workflow.list',
  'workflow.create',
  'workflow.manage',
  'execution.view',
  'execution.start',
  'execution.act',
  'task.view',
  'task.answer',
  'schedule.view',
  'schedule.manage',
  'collection.view',
  'collection.manage',
  'record.view',
  'record.change',
  'connection.view',
  'connection.manage',
  'token.own',
  'user.manage',
  'audit.view',
  'system.view',
  'system.manage',
] as const
export type Permission = (typeof permissions)[number]

export type BuiltInRole = 'admin' | 'designer' | 'operator'
export type Via = 'session' | 'token' | 'link' | 'cli'

/** The person behind a request, or whose rights an execution has. Loaded anew for each request. */
export interface Caller {
  /** Id of the user. */
  user: string
  /** User name. */
  name: string
  displayName: string
  language?: Language
  mail?: string
  roles: readonly string[]
  permissions: ReadonlySet<Permission>
  via: Via
  /** By workflow key or `*`, the highest of all roles. */
  grants: ReadonlyMap<string, Grant>
  rows: RowPermissions
}

// Every user, even without a role: own inbox, own tokens, lists that hold what one may see.
const everyone: readonly Permission[] = [
  'workflow.list',
  'execution.view',
  'execution.start',
  'execution.act',
  'task.view',
  'task.answer',
  'schedule.view',
  'token.own',
]
const operator: readonly Permission[] = [...everyone, 'schedule.manage', 'collection.view', 'record.view']
const designer: readonly Permission[] = [
  ...operator,
  'workflow.create',
  'workflow.manage',
  'collection.manage',
  'record.change',
  'connection.view',
]
const builtIn: Record<BuiltInRole, readonly Permission[]> = { admin: permissions, designer, operator }

export function isPermission(text: string): text is Permission {
  return (permissions as readonly string[]).includes(text)
}

/** Union over `roles` and `own` (what own roles carry), cut down to `scopes` where a token has them. */
export function permissionsOf(
  roles: readonly string[],
  own: readonly string[],
  scopes?: readonly string[],
): ReadonlySet<Permission> {
  const fromRoles = roles.flatMap((role) => (role in builtIn ? builtIn[role as BuiltInRole] : []))
  const all = new Set([...everyone, ...fromRoles, ...own.filter(isPermission)])
  return scopes ? new Set([...all].filter((permission) => scopes.includes(permission))) : all
}

const levels: Record<Grant, number> = { view: 1, run: 2, manage: 3 }

/** Manage implies run implies view. */
export function implies(has: Grant, wanted: Grant): boolean {
  return levels[has] >= levels[wanted]
}

export function isAdministrator(caller: Caller): boolean {
  return caller.roles.includes('admin')
}

export function mayOnWorkflow(caller: Caller, workflow: string, wanted: Grant): boolean {
  if (isAdministrator(caller)) return true
  return [caller.grants.get(workflow), caller.grants.get('*')].some((has) => has && implies(has, wanted))
}

/** The highest grant on a workflow; undefined: it does not exist for this caller. */
export function grantOn(caller: Caller, workflow: string): Grant | undefined {
  return (['manage', 'run', 'view'] as const).find((grant) => mayOnWorkflow(caller, workflow, grant))
}

/** For SQL filters: the workflows on which the caller holds at least `wanted`. */
export function workflowsWith(caller: Caller, wanted: Grant): 'all' | string[] {
  if (mayOnWorkflow(caller, '*', wanted)) return 'all'
  return [...caller.grants].filter(([, has]) => implies(has, wanted)).map(([workflow]) => workflow)
}

export function visibleWorkflows(caller: Caller): 'all' | string[] {
  return workflowsWith(caller, 'view')
}

/** Which records of each collection the caller may see and touch. */
export function rowPermissionsFor(caller: Caller): RowPermissions {
  return isAdministrator(caller) ? new Map() : caller.rows
}

/** As the runtime records who did something. */
export function principalOf(caller: Caller): { name: string; userId: string } {
  return { name: caller.name, userId: caller.user }
}
