// API tokens: `fmt_` and 256 random bits. They act with the present rights of their owner.
import { AppError } from '../../core/errors.ts'
import { type Db, sqlState } from '../../store/db.ts'
import { isPermission } from '../permissions.ts'
import { hashOf, newSecret } from './opaque.ts'

export interface ApiToken {
  id: string
  name: string
  /** `null`: everything its owner may do. */
  scopes: string[] | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

export interface NewToken {
  userId: string
  name: string
  /** Default 90; `null`: never. */
  expiresInDays?: number | null
  /** Permissions of the closed list. */
  scopes?: readonly string[]
}

const columns = `id, name, scopes, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"`

/** The only time the secret is seen. Throws `already-exists` for a live token of the same name. */
export async function createToken(db: Db, token: NewToken): Promise<ApiToken & { secret: string }> {
  const { userId, name, expiresInDays = 90, scopes = null } = token
  const unknown = scopes?.find((scope) => !isPermission(scope))
  if (unknown) throw new AppError('bad-request', `There is no permission ${unknown}`, { pointer: '/scopes' })
  const secret = `fmt_${newSecret()}`
  try {
    const [row] = await db.query<ApiToken>(
      `insert into fermata.api_tokens (user_id, name, secret_hash, scopes, expires_at)
       values ($1, $2, $3, $4, now() + $5::integer * interval '1 day') returning ${columns}`,
      [userId, name, hashOf(secret), scopes, expiresInDays],
    )
    return { ...(row as ApiToken), secret }
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('already-exists', `There is a token ${name} already`, { pointer: '/name' })
  }
}

const find = `
  with found as (
    select t.id, t.user_id, t.scopes, t.last_used_at from fermata.api_tokens t
    join fermata.users u on u.id = t.user_id and not u.disabled
    where t.secret_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
  ), touched as (
    update fermata.api_tokens t set last_used_at = now() from found f
    where t.id = f.id and (f.last_used_at is null or f.last_used_at < now() - interval '1 minute')
  )
  select user_id as "userId", scopes from found`

/** Undefined when unknown, revoked, expired, or its owner is disabled. */
export async function findToken(
  db: Db,
  secret: string,
): Promise<{ userId: string; scopes: string[] | null } | undefined> {
  const [row] = await db.query<{ userId: string; scopes: string[] | null }>(
    find,
    [hashOf(secret)],
    'find_token',
  )
  return row
}

/** Of one user, the newest first; without the revoked ones. */
export async function listTokens(db: Db, userId: string): Promise<ApiToken[]> {
  return db.query<ApiToken>(
    `select ${columns} from fermata.api_tokens where user_id = $1 and revoked_at is null order by id desc`,
    [userId],
  )
}

/** At once. Throws `not-found` for a token of somebody else. */
export async function revokeToken(db: Db, userId: string, id: string): Promise<void> {
  const changed = await db.run(
    `update fermata.api_tokens set revoked_at = now()
     where user_id = $1 and id::text = $2 and revoked_at is null`,
    [userId, id],
  )
  if (!changed) throw new AppError('not-found', 'There is no such token')
}
