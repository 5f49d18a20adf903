// Named secrets. People write them; only connections read them.
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import type { Vault } from './vault.ts'

export interface SecretInfo {
  name: string
  description: string | null
  changedBy: string
  changedAt: Date
}

export interface SecretChange {
  name: string
  value: string
  description?: string
  by: string
}

const place = (name: string) => `secrets/${name}`

/** Creates or replaces. */
export async function putSecret(db: Db, vault: Vault, secret: SecretChange): Promise<void> {
  const { name, value, description = null, by } = secret
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) {
    throw new AppError('bad-request', 'A secret is named with a-z, 0-9, _ and -', { pointer: '/name' })
  }
  await db.run(
    `insert into fermata.secrets (name, description, sealed, changed_by) values ($1, $2, $3, $4)
     on conflict (name) do update set description = coalesce(excluded.description, secrets.description),
       sealed = excluded.sealed, changed_by = excluded.changed_by, changed_at = now()`,
    [name, description, vault.seal(place(name), value), by],
  )
}

/** Names and dates; never values. */
export async function listSecrets(db: Db): Promise<SecretInfo[]> {
  return db.query<SecretInfo>(
    `select name, description, changed_by as "changedBy", changed_at as "changedAt"
     from fermata.secrets order by name`,
  )
}

/** Throws `not-found`. */
export async function removeSecret(db: Db, name: string): Promise<void> {
  const removed = await db.run('delete from fermata.secrets where name = $1', [name])
  if (!removed) throw missing(name)
}

/** For the worker, at the moment of use. Throws `not-found`. */
export async function revealSecret(db: Db, vault: Vault, name: string): Promise<string> {
  const [row] = await db.query<{ sealed: Buffer }>('select sealed from fermata.secrets where name = $1', [
    name,
  ])
  if (!row) throw missing(name)
  return vault.open(place(name), row.sealed)
}

function missing(name: string): AppError {
  return new AppError('not-found', `There is no secret ${name}`)
}
