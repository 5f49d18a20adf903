// A real PostgreSQL server that comes and goes with ours.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { AppError } from '../core/errors.ts'
import { openPool, sqlState } from './db.ts'
import { adoptPostmaster } from './embedded/adopt.ts'
import { prepareBinaries } from './embedded/binaries.ts'
import {
  type Cluster,
  connectionOf,
  initCluster,
  type Postmaster,
  startPostmaster,
  superuser,
} from './embedded/cluster.ts'
import { findHome, type Home, openHome } from './embedded/home.ts'
import { type Holder, readLock, takeLock } from './embedded/lock.ts'
import { serverSettings } from './embedded/settings.ts'
import { placeFor } from './embedded/socket.ts'
import { keepRunning } from './embedded/supervise.ts'

export interface EmbeddedOptions {
  /** The data folder of this Fermata (`FERMATA_DATA`); the database goes into `pg` below it. */
  dataDir: string
  /** Where this server will answer: told to whoever tries to use the same folder. */
  address?: string
  log?: (line: string) => void
  /** Where root keeps the data when the user who runs PostgreSQL cannot get into `dataDir`. */
  elsewhere?: readonly string[]
}

export interface Embedded {
  config: PoolConfig
  /** The same as a `postgres://` address, password included. */
  url: string
  /** Where the data are; not below `FERMATA_DATA` when root must keep them elsewhere. */
  dataDir: string
  /** Of the npm package, e.g. `18.4.0-beta.17`. */
  version: string
  /** True when the server of a killed Fermata was found running and taken over. */
  adopted: boolean
  /** Close the pools first. Resolves when the server process is gone. */
  stop(): Promise<void>
}

export const databaseName = 'fermata'
const largestLog = 10 * 1024 * 1024

/** Starts, or takes over, the database of a data folder. Throws `in-use` when another server has it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const home = await openHome(options.dataDir, options.elsewhere)
  const lock = await takeLock(join(home.folder, 'lock'), options.address ?? '')
  if (!lock.held) throw new AppError('in-use', describeHolder(options.dataDir, lock.by))
  try {
    const server = await openServer(home, options.log ?? (() => undefined))
    return {
      ...server,
      async stop() {
        await server.stop()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Who runs on this data folder now. */
export async function findHolder(dataDir: string): Promise<Holder | undefined> {
  return readLock(join(await findHome(dataDir), 'lock'))
}

/** One sentence for a person. */
export function describeHolder(dataDir: string, holder: Holder): string {
  const where = holder.address ? `, answering at ${holder.address}` : ''
  return `The data folder ${dataDir} is used by another Fermata: process ${holder.pid}, since ${holder.since}${where}. Stop it first, or give this one a folder of its own with FERMATA_DATA.`
}

async function openServer(home: Home, log: (line: string) => void): Promise<Embedded> {
  const data = join(home.folder, 'pg')
  const { bin, version } = await prepareBinaries(home.runAs, home.folder)
  const password = await keepPassword(join(home.folder, 'database-password'), existsSync(data))
  await refuseOtherMajor(data, version)
  const adopted = await adoptPostmaster(data, { password, version })
  const at = adopted?.at ?? (await placeFor(data, home.runAs))
  const cluster: Cluster = { bin, data, runAs: home.runAs, at, logFile: join(home.folder, 'pg.log') }
  const first = adopted?.postmaster ?? (await startFresh(cluster, password))
  if (adopted) log(`Took over the database of a server that was killed (process ${first.pid})`)
  const running = keepRunning(first, () => startPostmaster(cluster, serverSettings), log)
  const config = { ...connectionOf(at), user: superuser, password, database: databaseName }
  await ensureDatabase(config)
  return {
    config,
    url: urlOf(config),
    dataDir: data,
    version,
    adopted: adopted !== undefined,
    async stop() {
      await running.stop()
      if ('socketFolder' in at) await rm(at.socketFolder, { recursive: true, force: true })
    },
  }
}

async function startFresh(cluster: Cluster, password: string): Promise<Postmaster> {
  await initCluster(cluster, password)
  const log = await stat(cluster.logFile).catch(() => undefined)
  if (log && log.size > largestLog) await rename(cluster.logFile, `${cluster.logFile}.1`)
  // When a postmaster was killed its children may need a moment to notice; until then the data are theirs.
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPostmaster(cluster, serverSettings)
    } catch (error) {
      const isHeld = error instanceof Error && error.message.includes('shared memory block')
      if (!isHeld || attempt === 20) throw error
      await pause(250)
    }
  }
}

async function keepPassword(path: string, mustExist: boolean): Promise<string> {
  const there = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && !mustExist) return undefined
    throw new AppError('config-invalid', `The password of the database cannot be read: ${cause.message}`, {
      cause,
    })
  })
  if (there) return there.trim()
  const password = randomBytes(24).toString('hex')
  const file = await open(path, 'w', 0o600)
  await file.writeFile(`${password}\n`)
  await file.sync()
  await file.close()
  return password
}

async function refuseOtherMajor(data: string, version: string): Promise<void> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined)
  const major = version.split('.')[0]
  if (text === undefined || text.trim() === major) return
  throw new AppError(
    'config-invalid',
    `The data in ${data} were made by PostgreSQL ${text.trim()}, this program brings ${major}. Start the Fermata that made them and move the data with a dump.`,
  )
}

async function ensureDatabase(config: PoolConfig): Promise<void> {
  const pool = openPool({ ...config, database: 'postgres', max: 1 })
  try {
    const found = await pool.query('select from pg_database where datname = $1', [databaseName])
    if (found.length === 0) await pool.run(`create database ${databaseName}`)
  } catch (error) {
    if (sqlState(error) !== '42P04') throw error
  } finally {
    await pool.close()
  }
}

export function urlOf(config: {
  user: string
  password: string
  host: string
  port: number
  database: string
}): string {
  const { user, password, host, port, database } = config
  const base = `postgres://${user}:${password}@`
  if (!host.startsWith('/')) return `${base}${host}:${port}/${database}`
  return `${base}localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}
