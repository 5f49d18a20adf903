// Links that sign in once: printed at the first start, or made by an administrator.
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import { audit } from '../audit.ts'
import { hashOf, newSecret } from './opaque.ts'
import type { Origin } from './sessions.ts'

const lifetimes = { 'ten-minutes': "now() + interval '10 minutes'", 'until-used': "'infinity'" } as const

/** Returns the secret of the link. Earlier unused links of the user end. */
export async function createSignInLink(
  db: Db,
  userId: string,
  lifetime: keyof typeof lifetimes = 'ten-minutes',
): Promise<string> {
  const secret = newSecret()
  await db.transaction(async (tx) => {
    await tx.run('delete from fermata.sign_in_links where user_id = $1', [userId])
    await tx.run(
      `insert into fermata.sign_in_links (secret_hash, user_id, security_epoch, expires_at)
       select $1, id, security_epoch, ${lifetimes[lifetime]} from fermata.users where id = $2`,
      [hashOf(secret), userId],
    )
  })
  return secret
}

const take = `
  with taken as (delete from fermata.sign_in_links where secret_hash = $1 returning *)
  select u.id, u.name from taken t join fermata.users u on u.id = t.user_id
  where t.expires_at > now() and t.security_epoch = u.security_epoch and not u.disabled`

/** The user's id. Throws `link-expired` for a link that was used, has expired or never was. */
export async function redeemSignInLink(db: Db, secret: string, origin: Origin = {}): Promise<string> {
  return db.transaction(async (tx) => {
    const [user] = await tx.query<{ id: string; name: string }>(take, [hashOf(secret)])
    if (!user) throw new AppError('link-expired', 'Ask for a new link, or sign in with a password')
    const from = origin.address === undefined ? {} : { address: origin.address }
    const entry = { by: user.name, action: 'session.start', object: `user:${user.name}` }
    await audit(tx, { ...entry, details: { via: 'link' }, ...from })
    return user.id
  })
}

export async function removeExpiredLinks(db: Db): Promise<number> {
  return db.run('delete from fermata.sign_in_links where expires_at < now()')
}
