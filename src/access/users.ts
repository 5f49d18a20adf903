// Users. Whatever ends their sessions raises `security_epoch` in the same statement.
import { AppError } from '../core/errors.ts'
import { type Db, sqlState } from '../store/db.ts'
import { hashPassword } from './sign-in/passwords.ts'

export const languages = ['en', 'zh', 'ru'] as const
export type Language = (typeof languages)[number]

export interface User {
  id: string
  name: string
  displayName: string
  disabled: boolean
  language: Language | null
  mail: string | null
  hasPassword: boolean
  roles: string[]
  createdAt: Date
}

export interface NewUser {
  /** a-z, 0-9, `.`, `_`, `-`; at most 63 characters. */
  name: string
  displayName?: string
  /** Without one the user signs in by link only. */
  password?: string
  language?: Language
  roles?: readonly string[]
}

const select = `select id, name, display_name as "displayName", disabled, language, mail,
  password_hash is not null as "hasPassword", created_at as "createdAt",
  array(select role from fermata.user_roles where user_id = id order by role) as roles
  from fermata.users`
const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/

/** Throws `already-exists`, `not-found` for an unknown role, `bad-request` for a bad name or password. */
export async function createUser(db: Db, user: NewUser): Promise<User> {
  const { name, displayName = name, language = null, roles = [] } = user
  if (!namePattern.test(name)) {
    throw new AppError('bad-request', 'A user name is a-z, 0-9, dot, dash or underscore', {
      pointer: '/name',
    })
  }
  const hash = user.password === undefined ? null : await hashPassword(user.password)
  return db.transaction(async (tx) => {
    const id = await insertUser(tx, [name, displayName, hash, language])
    await insertRoles(tx, id, roles)
    return requireUser(tx, id)
  })
}

async function insertUser(db: Db, values: unknown[]): Promise<string> {
  try {
    const [row] = await db.query<{ id: string }>(
      `insert into fermata.users (name, display_name, password_hash, language)
       values ($1, $2, $3, $4) returning id`,
      values,
    )
    return (row as { id: string }).id
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('already-exists', `There is a user ${String(values[0])} already`, { pointer: '/name' })
  }
}

/** Throws `not-found`. */
export async function requireUser(db: Db, id: string): Promise<User> {
  const [user] = await db.query<User>(`${select} where id = $1`, [id])
  if (!user) throw new AppError('not-found', 'There is no such user')
  return user
}

/** Upper and lower case are one. */
export async function findUserByName(db: Db, name: string): Promise<User | undefined> {
  const [user] = await db.query<User>(`${select} where name = lower($1)`, [name])
  return user
}

export async function listUsers(db: Db): Promise<User[]> {
  return db.query<User>(`${select} order by name`)
}

export async function changeUser(
  db: Db,
  id: string,
  change: { displayName?: string; language?: Language; mail?: string | null },
): Promise<User> {
  await db.run(
    `update fermata.users set display_name = coalesce($2, display_name), language = coalesce($3, language),
       mail = case when $4 then $5 else mail end
     where id = $1`,
    [id, change.displayName ?? null, change.language ?? null, change.mail !== undefined, change.mail ?? null],
  )
  return requireUser(db, id)
}

/** Mail addresses of these people, as far as they have any. */
export async function mailsOf(
  db: Db,
  who: { user?: string; role?: string },
): Promise<{ user: string; mail: string }[]> {
  return db.query<{ user: string; mail: string }>(
    `select id as "user", mail from fermata.users where mail is not null and not disabled
       and (id = $1::bigint or id in (select user_id from fermata.user_roles where role = $2)) order by mail`,
    [who.user ?? null, who.role ?? null],
  )
}

/** Ends all sessions and open links of the user; `null` takes the password away. */
export async function setPassword(db: Db, id: string, password: string | null): Promise<void> {
  const hash = password === null ? null : await hashPassword(password)
  const changed = await db.run(
    'update fermata.users set password_hash = $2, security_epoch = security_epoch + 1 where id = $1',
    [id, hash],
  )
  if (!changed) throw new AppError('not-found', 'There is no such user')
}

/** Disabling ends all sessions. Throws `conflict` when nobody could administer the system any more. */
export async function setDisabled(db: Db, id: string, disabled: boolean): Promise<void> {
  await keepingAnAdministrator(db, async (tx) => {
    const changed = await tx.run(
      `update fermata.users set disabled = $2, security_epoch = security_epoch + ($2::boolean)::integer
       where id = $1`,
      [id, disabled],
    )
    if (!changed) throw new AppError('not-found', 'There is no such user')
  })
}

/** Replaces all roles. Throws `conflict` as `setDisabled`, `not-found` for an unknown user or role. */
export async function setRoles(db: Db, id: string, roles: readonly string[]): Promise<void> {
  await keepingAnAdministrator(db, async (tx) => {
    await requireUser(tx, id)
    await tx.run('delete from fermata.user_roles where user_id = $1', [id])
    await insertRoles(tx, id, roles)
  })
}

async function insertRoles(db: Db, id: string, roles: readonly string[]): Promise<void> {
  try {
    await db.run(
      'insert into fermata.user_roles (user_id, role) select distinct $1::bigint, unnest($2::text[])',
      [id, roles],
    )
  } catch (error) {
    if (sqlState(error) !== '23503') throw error
    throw new AppError('not-found', `There is no such role among ${roles.join(', ')}`, { pointer: '/roles' })
  }
}

/** Enabled users with the role `admin`. */
export async function countAdministrators(db: Db): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::integer as count from fermata.users join fermata.user_roles on user_id = id
     where role = 'admin' and not disabled`,
  )
  return row?.count ?? 0
}

async function keepingAnAdministrator(db: Db, change: (tx: Db) => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    // Two administrators who take each other's role at once take turns here.
    await tx.run("select from fermata.roles where name = 'admin' for update")
    const before = await countAdministrators(tx)
    await change(tx)
    if (before > 0 && (await countAdministrators(tx)) === 0) {
      throw new AppError('conflict', 'This would leave the system without an administrator')
    }
  })
}
