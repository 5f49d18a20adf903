// Whoever may read the data folder may act as any user of it: the command line inside its own process.
import { randomBytes } from 'node:crypto'
import { loadCaller } from './access/callers.ts'
import type { Caller } from './access/permissions.ts'
import { createSignInLink } from './access/sign-in/sign-in-links.ts'
import { findUserByName, listUsers } from './access/users.ts'
import { AppError } from './core/errors.ts'
import type { Db } from './store/db.ts'

export interface LocalCaller {
  name: string
  /** Known to this process only. */
  token: string
  byToken(token: string): Promise<Caller | undefined>
  /** The secret of a link that signs a user in once, within ten minutes. */
  createLink(user: string): Promise<string>
}

/** `admin` stands for whoever administrates when nobody has that name. Throws `not-found`, `forbidden` for a disabled user. */
export async function localCaller(db: Db, name: string): Promise<LocalCaller> {
  const user = (await findUserByName(db, name)) ?? (name === 'admin' ? await anyAdministrator(db) : undefined)
  if (!user) throw new AppError('not-found', `There is no user ${name}.`)
  if (user.disabled) throw new AppError('forbidden', `The user ${name} is disabled.`)
  const token = `local_${randomBytes(32).toString('base64url')}`
  return {
    name: user.name,
    token,
    byToken: async (given) => (given === token ? loadCaller(db, user.id, { via: 'cli' }) : undefined),
    async createLink(other) {
      const found = await findUserByName(db, other)
      if (!found) throw new AppError('not-found', `There is no user ${other}.`)
      return createSignInLink(db, found.id)
    },
  }
}

async function anyAdministrator(db: Db) {
  return (await listUsers(db)).find(({ disabled, roles }) => !disabled && roles.includes('admin'))
}
