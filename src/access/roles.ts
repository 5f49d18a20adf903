// Roles: three built in, and own ones that carry permissions of the closed list.
import { AppError } from '../core/errors.ts'
import { type Db, sqlState } from '../store/db.ts'
import { isPermission } from './permissions.ts'

export interface Role {
  name: string
  title: string
  builtIn: boolean
  /** Of own roles; what the built-in ones may do is in `permissions.ts`. */
  permissions: string[]
}

const columns = 'name, title, built_in as "builtIn", permissions'
const namePattern = /^[a-z][a-z0-9-]{0,62}$/

export async function listRoles(db: Db): Promise<Role[]> {
  return db.query<Role>(`select ${columns} from fermata.roles order by built_in desc, name`)
}

/** Throws `not-found`. */
export async function requireRole(db: Db, name: string): Promise<Role> {
  const [role] = await db.query<Role>(`select ${columns} from fermata.roles where name = $1`, [name])
  if (!role) throw new AppError('not-found', `There is no role ${name}`)
  return role
}

/** Throws `already-exists`; `bad-request` for a bad name or an unknown permission. */
export async function createRole(
  db: Db,
  role: { name: string; title?: string; permissions?: readonly string[] },
): Promise<Role> {
  const { name, title = name, permissions = [] } = role
  if (!namePattern.test(name)) {
    throw new AppError('bad-request', 'A role name is a-z, 0-9 and -, and begins with a letter', {
      pointer: '/name',
    })
  }
  try {
    const [row] = await db.query<Role>(
      `insert into fermata.roles (name, title, permissions) values ($1, $2, $3) returning ${columns}`,
      [name, title, checked(permissions)],
    )
    return row as Role
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('already-exists', `There is a role ${name} already`, { pointer: '/name' })
  }
}

/** Of own roles title and permissions; of built-in roles the title only. */
export async function changeRole(
  db: Db,
  name: string,
  change: { title?: string; permissions?: readonly string[] },
): Promise<Role> {
  const { builtIn } = await requireRole(db, name)
  if (builtIn && change.permissions) throw builtInError(name)
  const [row] = await db.query<Role>(
    `update fermata.roles set title = coalesce($2, title), permissions = coalesce($3, permissions)
     where name = $1 returning ${columns}`,
    [name, change.title ?? null, change.permissions ? checked(change.permissions) : null],
  )
  return row as Role
}

/** Takes it from its users, with its grants. Throws `conflict` for a built-in role. */
export async function removeRole(db: Db, name: string): Promise<void> {
  const { builtIn } = await requireRole(db, name)
  if (builtIn) throw builtInError(name)
  await db.run('delete from fermata.roles where name = $1', [name])
}

function builtInError(name: string): AppError {
  return new AppError('conflict', `The role ${name} is built in and cannot be changed or removed`)
}

function checked(permissions: readonly string[]): string[] {
  const at = permissions.findIndex((permission) => !isPermission(permission))
  if (at < 0) return [...new Set(permissions)]
  throw new AppError('bad-request', `There is no permission ${permissions[at]}`, {
    pointer: `/permissions/${at}`,
  })
}
