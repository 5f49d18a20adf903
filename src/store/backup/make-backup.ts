// Writes the whole database into one file, as it is at one moment, while everybody works on.
import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { AppError } from '../../core/errors.ts'
import { type Db, dbOf, type Pool } from '../db.ts'
import { migrationLock } from '../migrate.ts'
import { encodeLine, encodePiece, endOfPieces, withHash } from './archive.ts'
import { readDataStructure, type Structure } from './structure.ts'
import { copySpec, listTables, nameOf, readSequences, type SequenceState, type TableShape } from './tables.ts'

export const archiveFormat = 1

/** The first line of the file. */
export interface Manifest {
  fermata: 'backup'
  format: number
  /** The last migration of the database. */
  schema: { version: number; name: string }
  madeAt: string
  tables: TableShape[]
  sequences: SequenceState[]
  data: Structure
  /** The key that opens the secrets, when it was asked for. */
  secretKey?: string
}

export interface MadeBackup {
  tables: number
  rows: number
  bytes: number
  schema: string
}

/** Answers once the file is whole and on the disk. Throws `already-exists` rather than overwrite one. */
export async function makeBackup(
  pool: Pool,
  file: string,
  options: { secretKey?: string } = {},
): Promise<MadeBackup> {
  const draft = `${file}.partial`
  const target = await open(file, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw new AppError('already-exists', `${file} exists already`, { cause })
    throw new AppError('bad-request', `${file} cannot be written: ${cause.message}`, { cause })
  })
  await target.close()
  const client = new pg.Client(pool.config)
  await client.connect()
  try {
    const made = await writeArchive(client, draft, options)
    await rename(draft, file)
    return made
  } catch (error) {
    await Promise.all([rm(draft, { force: true }), rm(file, { force: true })])
    throw error
  } finally {
    await client.end()
  }
}

async function writeArchive(
  client: pg.Client,
  draft: string,
  options: { secretKey?: string },
): Promise<MadeBackup> {
  const manifest = await beginSnapshot(client, options)
  const counted = { rows: 0 }
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } })
  const parts = Readable.from(withHash(archiveOf(client, manifest, counted)), { objectMode: false })
  // Flushed: whole on the disk before it gets its name.
  await pipeline(parts, compress, createWriteStream(draft, { mode: 0o600, flush: true }))
  const { size } = await stat(draft)
  return { tables: manifest.tables.length, rows: counted.rows, bytes: size, schema: manifest.schema.name }
}

/** From here on everything is read as it was at this moment; nobody changes the shape of a table meanwhile. */
async function beginSnapshot(client: pg.Client, { secretKey }: { secretKey?: string }): Promise<Manifest> {
  const db = dbOf(client)
  await db.run('begin isolation level repeatable read, read only')
  const [lock] = await db.query<{ held: boolean }>('select pg_try_advisory_xact_lock_shared($1) as held', [
    migrationLock,
  ])
  if (!lock?.held) throw new AppError('in-use', 'The database is being migrated; try again in a moment')
  await db.run('set local search_path = pg_catalog')
  const tables = await listTables(db)
  await db.run(`lock table ${tables.map(nameOf).join(', ')} in access share mode`)
  return {
    fermata: 'backup',
    format: archiveFormat,
    schema: await readSchema(db),
    madeAt: new Date().toISOString(),
    tables,
    sequences: await readSequences(db),
    data: await readDataStructure(db),
    ...(secretKey === undefined ? {} : { secretKey }),
  }
}

async function readSchema(db: Db): Promise<Manifest['schema']> {
  const [row] = await db.query<Manifest['schema']>(
    'select version, name from fermata.migrations order by version desc limit 1',
  )
  if (!row) throw new AppError('not-found', 'This database is empty')
  return row
}

async function* archiveOf(
  client: pg.Client,
  manifest: Manifest,
  counted: { rows: number },
): AsyncGenerator<Buffer> {
  yield encodeLine(manifest)
  for (const table of manifest.tables) {
    yield encodeLine({ table: nameOf(table) })
    const rows = client.query(copyTo(`copy ${copySpec(table)} to stdout`))
    for await (const piece of rows) yield encodePiece(piece as Buffer)
    yield endOfPieces
    yield encodeLine({ rows: rows.rowCount })
    counted.rows += rows.rowCount
  }
}
