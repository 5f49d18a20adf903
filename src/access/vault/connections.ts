// Reusable settings of remote systems with their secrets: open settings are shown, secret ones never.
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Db } from '../../store/db.ts'
import { revealSecret } from './secrets.ts'
import type { Vault } from './vault.ts'

export interface ConnectionInfo {
  name: string
  /** What it connects to, e.g. `ssh`, `http`, `postgres`. */
  type: string
  /** `{ "secret": "<name>" }` anywhere inside stands for a named secret. */
  settings: JsonObject
  /** Which secret fields are set. */
  secretFields: string[]
  changedBy: string
  changedAt: Date
}

export interface ConnectionChange {
  name: string
  type: string
  settings: JsonObject
  /** Secret fields that are not named here stay as they are; `null` takes one away. */
  secrets?: Record<string, string | null>
  by: string
}

export interface OpenConnection {
  settings: JsonObject
  /** The plain values inside `settings`: keep them out of logs. */
  secrets: string[]
}

type Stored = Pick<ConnectionInfo, 'settings'> & { sealed: Buffer | null }

const place = (name: string) => `connections/${name}`
const columns = `name, type, settings, secret_fields as "secretFields", changed_by as "changedBy",
  changed_at as "changedAt"`

/** Creates or replaces. */
export async function putConnection(db: Db, vault: Vault, change: ConnectionChange): Promise<void> {
  const { name, type, settings, by } = change
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) {
    throw new AppError('bad-request', 'A connection is named with a-z, 0-9, _ and -', { pointer: '/name' })
  }
  await db.transaction(async (tx) => {
    const old = await stored(tx, name, 'for update')
    const secrets = merged(old ? openFields(vault, name, old.sealed) : {}, change.secrets ?? {})
    const fields = Object.keys(secrets).sort()
    const sealed = fields.length ? vault.seal(place(name), JSON.stringify(secrets)) : null
    await tx.run(
      `insert into fermata.connections (name, type, settings, secret_fields, sealed, changed_by)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (name) do update set type = excluded.type, settings = excluded.settings,
         secret_fields = excluded.secret_fields, sealed = excluded.sealed, changed_by = excluded.changed_by,
         changed_at = now()`,
      [name, type, JSON.stringify(settings), fields, sealed, by],
    )
  })
}

/** Without secrets. */
export async function listConnections(db: Db): Promise<ConnectionInfo[]> {
  return db.query<ConnectionInfo>(`select ${columns} from fermata.connections order by name`)
}

/** Throws `not-found`. */
export async function removeConnection(db: Db, name: string): Promise<void> {
  if (!(await db.run('delete from fermata.connections where name = $1', [name]))) throw missing(name)
}

/** For the worker, at the moment of use. Throws `not-found` for an unknown connection or named secret. */
export async function revealConnection(db: Db, vault: Vault, name: string): Promise<OpenConnection> {
  const row = await stored(db, name)
  if (!row) throw missing(name)
  const own = openFields(vault, name, row.sealed)
  const secrets = Object.values(own)
  const reveal = async (value: Json): Promise<Json> => {
    if (Array.isArray(value)) return Promise.all(value.map(reveal))
    if (!isJsonObject(value)) return value
    const { secret, ...rest } = value
    if (typeof secret === 'string' && Object.keys(rest).length === 0) {
      const plain = await revealSecret(db, vault, secret)
      secrets.push(plain)
      return plain
    }
    const entries = Object.entries(value).map(async ([key, inner]) => [key, await reveal(inner)] as const)
    return Object.fromEntries(await Promise.all(entries))
  }
  const settings = (await reveal(row.settings)) as JsonObject
  return { settings: { ...settings, ...own }, secrets }
}

async function stored(db: Db, name: string, lock: '' | 'for update' = ''): Promise<Stored | undefined> {
  const [row] = await db.query<Stored>(
    `select settings, sealed from fermata.connections where name = $1 ${lock}`,
    [name],
  )
  return row
}

function openFields(vault: Vault, name: string, sealed: Buffer | null): Record<string, string> {
  return sealed ? JSON.parse(vault.open(place(name), sealed)) : {}
}

function merged(old: Record<string, string>, change: Record<string, string | null>): Record<string, string> {
  const entries = Object.entries({ ...old, ...change })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}

function missing(name: string): AppError {
  return new AppError('not-found', `There is no connection ${name}`)
}
