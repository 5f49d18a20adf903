import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { audit } from '../audit.ts'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'
import { type Attempt, beginAttempt, forgiveAttempt } from './throttle.ts'

export interface PasswordSignIn {
  name: string
  password: string
  address?: string
}

interface Found {
  id: string
  name: string
  hash: string | null
}

/**
 * The user's id; the session is started by the caller. Throws `wrong-password` whatever is wrong (unknown,
 * disabled, no password), `too-many-requests` while guessing is slowed down.
 */
export async function signInByPassword(db: Db, signIn: PasswordSignIn): Promise<string> {
  const from = signIn.address === undefined ? {} : { address: signIn.address }
  const attempt: Attempt = { account: signIn.name, ...from }
  await beginAttempt(db, attempt)
  const [user] = await db.query<Found>(
    `select id, name, password_hash as hash from fermata.users where name = lower($1) and not disabled`,
    [signIn.name],
  )
  const fits = await verifyPassword(user?.hash ?? null, signIn.password)
  const object = `user:${signIn.name.slice(0, 100)}`
  if (!user || !fits) {
    await audit(db, { by: 'anonymous', action: 'session.refuse', object, ...from })
    throw new AppError('wrong-password', 'The user name or the password is wrong')
  }
  await forgiveAttempt(db, attempt)
  await rehash(db, user, signIn.password)
  await audit(db, {
    by: user.name,
    action: 'session.start',
    object: `user:${user.name}`,
    details: { via: 'password' },
    ...from,
  })
  return user.id
}

async function rehash(db: Db, { id, hash }: Found, password: string): Promise<void> {
  if (hash === null || !isOutdated(hash)) return
  // The password has not changed, so sessions live on: no new security epoch.
  await db.run('update fermata.users set password_hash = $2 where id = $1 and password_hash = $3', [
    id,
    await hashPassword(password),
    hash,
  ])
}
