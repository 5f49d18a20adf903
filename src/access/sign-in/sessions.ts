import type { Db } from '../../store/db.ts'
import { hashOf, newSecret } from './opaque.ts'

/** By the database clock. */
const idle = "interval '12 hours'"
const absolute = "interval '7 days'"
const touchEvery = "interval '1 minute'"

export interface Origin {
  address?: string
  agent?: string
}

/** Returns the secret for the cookie; only its hash is stored. */
export async function startSession(db: Db, userId: string, origin: Origin = {}): Promise<string> {
  const secret = newSecret()
  await db.run(
    `insert into fermata.sessions (secret_hash, user_id, security_epoch, address, agent)
     select $1, id, security_epoch, $3, $4 from fermata.users where id = $2`,
    [hashOf(secret), userId, origin.address ?? null, origin.agent?.slice(0, 300) ?? null],
  )
  return secret
}

const find = `
  with found as (
    select s.secret_hash, s.user_id, s.seen_at from fermata.sessions s
    join fermata.users u on u.id = s.user_id and u.security_epoch = s.security_epoch and not u.disabled
    where s.secret_hash = $1 and s.seen_at > now() - ${idle} and s.created_at > now() - ${absolute}
  ), touched as (
    update fermata.sessions s set seen_at = now() from found f
    where s.secret_hash = f.secret_hash and f.seen_at < now() - ${touchEvery}
  )
  select user_id as "userId" from found`

/** The user's id; undefined when the session is unknown, idle too long, too old, or was ended. */
export async function findSession(db: Db, secret: string): Promise<string | undefined> {
  const [row] = await db.query<{ userId: string }>(find, [hashOf(secret)], 'find_session')
  return row?.userId
}

export async function endSession(db: Db, secret: string): Promise<void> {
  await db.run('delete from fermata.sessions where secret_hash = $1', [hashOf(secret)])
}

export async function endSessionsOf(db: Db, userId: string): Promise<number> {
  return db.run('delete from fermata.sessions where user_id = $1', [userId])
}

/** Housekeeping only: an expired session is refused whether or not its row is still there. */
export async function removeEndedSessions(db: Db): Promise<number> {
  return db.run(
    `delete from fermata.sessions s using fermata.users u where u.id = s.user_id and
     (s.seen_at < now() - ${idle} or s.created_at < now() - ${absolute}
      or s.security_epoch <> u.security_epoch or u.disabled)`,
  )
}
