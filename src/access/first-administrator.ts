import type { Db } from '../store/db.ts'
import { createSignInLink } from './sign-in/sign-in-links.ts'
import { countAdministrators, createUser, findUserByName } from './users.ts'

export interface FirstAdministrator {
  created: boolean
  /** Secret of a one-time link, for as long as `admin` has no password; print it. */
  link?: string
}

// Any number, the same in every process: two that start at once must not both create the user.
const lockKey = 7_070_003

/**
 * Creates the user `admin` when there is no administrator. Call it at every start: until a password is set,
 * the link is the only way in, and each start makes a new one that replaces the last.
 */
export async function firstAdministrator(
  db: Db,
  { password }: { password?: string } = {},
): Promise<FirstAdministrator> {
  return db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock($1)', [lockKey])
    const created = (await countAdministrators(tx)) === 0 && (await findUserByName(tx, 'admin')) === undefined
    if (created) {
      const secret = password ? { password } : {}
      await createUser(tx, { name: 'admin', displayName: 'Administrator', roles: ['admin'], ...secret })
    }
    const admin = await findUserByName(tx, 'admin')
    if (!admin || admin.disabled || admin.hasPassword) return { created }
    return { created, link: await createSignInLink(tx, admin.id, 'until-used') }
  })
}
