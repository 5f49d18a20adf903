// Brings the database to the schema of this program: numbered SQL files, forward only.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../core/errors.ts'
import type { Db, Pool } from './db.ts'

// Any number will do, as long as every process uses the same one.
export const migrationLock = 7_070_001
const ownMigrations = join(import.meta.dirname, 'migrations')
const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/

interface Migration {
  version: number
  name: string
  path: string
}

/**
 * Applies what is missing, in order, each file in a transaction of its own together with its version row.
 * Several processes may call this at once: they take turns. Throws `config-invalid` when the database was
 * migrated by a newer program or holds another history.
 */
export async function migrate(
  db: Pool,
  folder = ownMigrations,
  upTo = Number.POSITIVE_INFINITY,
): Promise<{ applied: string[] }> {
  const all = await listMigrations(folder)
  const migrations = all.filter(({ version }) => version <= upTo)
  const applied: string[] = []
  for (const migration of await notYetApplied(db, migrations)) {
    const sql = await readFile(migration.path, 'utf8')
    const isNew = await db.transaction((tx) => applyOnce(tx, migration, { sql, migrations }))
    if (isNew) applied.push(migration.name)
  }
  return { applied }
}

/** The migrations of a folder in order; refuses names out of the pattern and doubled numbers. */
export async function listMigrations(folder = ownMigrations): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const migrations = names.map((name) => {
    const version = Number(fileName.exec(name)?.[1])
    if (Number.isNaN(version)) throw new AppError('config-invalid', `Not a migration file name: ${name}`)
    return { version, name: name.replace(/\.sql$/, ''), path: join(folder, name) }
  })
  const doubled = migrations.find((migration, i) => migration.version === migrations[i - 1]?.version)
  if (doubled) throw new AppError('config-invalid', `Two migrations have the number of ${doubled.name}`)
  return migrations
}

// The usual start: nothing to do, so nothing is locked or created. What another process applies meanwhile is seen later.
async function notYetApplied(db: Db, migrations: Migration[]): Promise<Migration[]> {
  const [row] = await db.query<{ there: boolean }>(
    "select to_regclass('fermata.migrations') is not null as there",
  )
  return row?.there === true ? missing(db, migrations) : migrations
}

async function missing(db: Db, migrations: Migration[]): Promise<Migration[]> {
  const rows = await db.query<{ version: number; name: string }>(
    'select version, name from fermata.migrations order by version',
  )
  const known = new Map(migrations.map((migration) => [migration.version, migration.name]))
  const stranger = rows.find((row) => known.get(row.version) !== row.name)
  if (stranger) {
    const newest = migrations.at(-1)?.name ?? 'none'
    throw new AppError(
      'config-invalid',
      `The database has the schema ${stranger.name}, which this program (up to ${newest}) does not know. Start the newer program, or restore a backup of the older database.`,
    )
  }
  const done = new Set(rows.map((row) => row.version))
  return migrations.filter((migration) => !done.has(migration.version))
}

async function applyOnce(
  tx: Db,
  migration: Migration,
  source: { sql: string; migrations: Migration[] },
): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock($1)', [migrationLock])
  await tx.run('create schema if not exists fermata')
  await tx.run(
    'create table if not exists fermata.migrations (version integer primary key, name text not null, applied_at timestamptz not null default now())',
  )
  const open = await missing(tx, source.migrations)
  if (!open.some((other) => other.version === migration.version)) return false
  await tx.run(source.sql).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('config-invalid', `The migration ${migration.name} failed: ${why}`, { cause })
  })
  await tx.run('insert into fermata.migrations (version, name) values ($1, $2)', [
    migration.version,
    migration.name,
  ])
  return true
}
