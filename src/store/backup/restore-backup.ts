// Brings a backup back into an empty database: everything or nothing, in one transaction.
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { AppError } from '../../core/errors.ts'
import { type Db, dbOf, type Pool } from '../db.ts'
import { listMigrations, migrate } from '../migrate.ts'
import { type ArchiveReader, broken, readArchive } from './archive.ts'
import { archiveFormat, type Manifest } from './make-backup.ts'
import { copySpec, nameOf, type TableShape } from './tables.ts'

export interface Restored {
  madeAt: string
  tables: number
  rows: number
  /** In the backup only when it was asked for. */
  secretKey?: string
}

/** Throws `already-exists` for a database that is not empty, `bad-request` for a file that is no whole backup. */
export async function restoreBackup(pool: Pool, file: string): Promise<Restored> {
  await refuseUsed(pool)
  const source = createReadStream(file)
  const plain = source.pipe(createZstdDecompress())
  source.on('error', (error) => plain.destroy(error))
  try {
    const archive = readArchive(plain as AsyncIterable<Buffer>)
    const manifest = await readManifest(archive)
    const rows = await fill(pool, archive, manifest)
    await migrate(pool)
    const { madeAt, tables, secretKey } = manifest
    return { madeAt, tables: tables.length, rows, ...(secretKey === undefined ? {} : { secretKey }) }
  } catch (error) {
    throw readError(error, file)
  } finally {
    source.destroy()
  }
}

function readError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new AppError('not-found', `There is no file ${file}`, { cause: error })
  if (error instanceof SyntaxError || code?.startsWith('ZSTD_') || code?.startsWith('ERR_ZSTD'))
    return broken(message)
  return error
}

async function refuseUsed(db: Db): Promise<void> {
  const rows = await db.query<{ name: string }>(
    `select relnamespace::regnamespace || '.' || relname as name from pg_class
     where relkind = 'r' and relnamespace::regnamespace::text in ('fermata', 'data') limit 1`,
  )
  const [used] = rows
  if (!used) return
  const detail = `The database is not empty: it has the table ${used.name}. Restore into a new FERMATA_DATA folder or a new database.`
  throw new AppError('already-exists', detail)
}

async function readManifest(archive: ArchiveReader): Promise<Manifest> {
  const manifest = await archive.line<Partial<Manifest>>()
  if (manifest.fermata !== 'backup') throw broken('it begins otherwise')
  const newest = (await listMigrations()).at(-1)
  if (manifest.format !== archiveFormat || (manifest.schema?.version ?? 0) > (newest?.version ?? 0)) {
    const detail = `The backup was made by a newer Fermata (schema ${manifest.schema?.name}); restore it with that one.`
    throw new AppError('config-invalid', detail)
  }
  return manifest as Manifest
}

/** Whatever goes wrong, the database is as empty as before. */
async function fill(pool: Pool, archive: ArchiveReader, manifest: Manifest): Promise<number> {
  try {
    await migrate(pool, undefined, manifest.schema.version)
    return await load(pool, archive, manifest)
  } catch (error) {
    await pool.run('drop schema if exists fermata cascade; drop schema if exists data cascade')
    throw error
  }
}

async function load(pool: Pool, archive: ArchiveReader, manifest: Manifest): Promise<number> {
  const client = new pg.Client(pool.config)
  await client.connect()
  const db = dbOf(client)
  try {
    await db.run('begin')
    const references = await dropReferences(db)
    for (const statement of manifest.data.before) await db.run(statement)
    let rows = 0
    for (const table of manifest.tables) rows += await loadTable(client, archive, table)
    await archive.checkHash()
    for (const statement of [...references, ...manifest.data.after]) await db.run(statement)
    for (const { name, value } of manifest.sequences)
      await db.query('select setval($1::regclass, $2::bigint)', [name, value])
    await db.run('commit')
    await db.run('analyze')
    return rows
  } finally {
    await client.end()
  }
}

/** Tables come in the order of their names: what they refer to may come later. Answers how to make them again. */
async function dropReferences(db: Db): Promise<string[]> {
  const rows = await db.query<{ table: string; name: string; text: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as text
     from pg_constraint where contype = 'f' and connamespace = 'fermata'::regnamespace order by 1, 2`,
  )
  for (const { table, name } of rows) await db.run(`alter table ${table} drop constraint ${name}`)
  return rows.map(({ table, name, text }) => `alter table ${table} add constraint ${name} ${text}`)
}

async function loadTable(client: pg.Client, archive: ArchiveReader, table: TableShape): Promise<number> {
  const line = await archive.line<{ table?: string }>()
  if (line.table !== nameOf(table)) throw broken(`${nameOf(table)} is missing`)
  await emptyTable(dbOf(client), table)
  const into = client.query(copyFrom(`copy ${copySpec(table)} from stdin`))
  await pipeline(Readable.from(archive.pieces(), { objectMode: false }), into)
  const { rows } = await archive.line<{ rows?: number }>()
  if (rows !== into.rowCount) throw broken(`${nameOf(table)} has ${into.rowCount} rows instead of ${rows}`)
  return into.rowCount
}

/** Migrations leave some rows of their own. */
async function emptyTable(db: Db, table: TableShape): Promise<void> {
  const rows = await db.query(`select from ${nameOf(table)} limit 1`)
  if (rows.length > 0) await db.run(`delete from ${nameOf(table)}`)
}
