// The database of this process: a server of the operator's own, or the embedded one; current either way.
import { setTimeout as pause } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { AppError } from '../core/errors.ts'
import { openPool, type Pool, type SlowWatch, sqlState } from './db.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { joinEmbedded } from './join-embedded.ts'
import { migrate } from './migrate.ts'
import { applicationName } from './wait-for-others.ts'

export interface DatabaseConfig {
  /** `postgres://…` of a server of one's own; without it the embedded server is started. */
  databaseUrl?: string | undefined
  /** `FERMATA_DATA`. */
  dataFolder: string
  /** Where this process will answer: named to a second one on the same data folder. */
  address?: string
  /** Share the embedded database of the process that holds the data folder, if one does, instead of being refused. */
  join?: boolean
  /** Default true; without it the database is opened as it is. */
  migrate?: boolean
  log?: (line: string) => void
  /** How long a server of one's own may take to come up; milliseconds, default 30,000. */
  patienceMs?: number
  /** Connections of the pool, default 8. */
  connections?: number
  slow?: SlowWatch
}

export interface Database {
  pool: Pool
  /** Of PostgreSQL, e.g. `18.4`. */
  version: string
  embedded?: Embedded
  /** The embedded server belongs to another process. */
  joined: boolean
  /** Closes the pool, then stops the embedded server unless it belongs to another process. */
  close(): Promise<void>
}

const oldestServer = 15

/** Opens the database, waits until it answers, checks its version and migrates it. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const { embedded, joined } = config.databaseUrl
    ? { embedded: undefined, joined: false }
    : await startOrJoin(config)
  const pool = openPool({
    ...poolConfig(config, embedded),
    ...(config.slow ? { slow: config.slow } : {}),
    onIdleError: (error) => config.log?.(error.message),
  })
  const close = async () => {
    await pool.close()
    await embedded?.stop()
  }
  try {
    await untilReady(pool, config.patienceMs ?? 30_000)
    const version = await refuseOldServer(pool)
    if (config.migrate !== false) await bringUpToDate(pool, config)
    return { pool, version, joined, close, ...(embedded ? { embedded } : {}) }
  } catch (error) {
    await close()
    throw error
  }
}

async function bringUpToDate(pool: Pool, { log }: DatabaseConfig): Promise<void> {
  const { applied } = await migrate(pool)
  if (applied.length > 0) log?.(`Applied ${applied.join(', ')}`)
}

/** Whoever holds the folder may be gone, or another one be there, by the time we ask. */
async function startOrJoin(config: DatabaseConfig): Promise<{ embedded: Embedded; joined: boolean }> {
  for (;;) {
    try {
      return { embedded: await startEmbedded(embeddedOptions(config)), joined: false }
    } catch (error) {
      if (!config.join || !(error instanceof AppError) || error.code !== 'in-use') throw error
      const embedded = await joinEmbedded(config.dataFolder)
      if (embedded) return { embedded, joined: true }
    }
  }
}

function embeddedOptions({ dataFolder, address, log }: DatabaseConfig) {
  return { dataDir: dataFolder, ...(address ? { address } : {}), ...(log ? { log } : {}) }
}

function poolConfig(config: DatabaseConfig, embedded: Embedded | undefined): PoolConfig {
  const place = embedded?.config ?? { connectionString: config.databaseUrl }
  return { ...place, max: config.connections ?? 8, application_name: applicationName }
}

async function untilReady(pool: Pool, patienceMs: number): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    try {
      await pool.query('select 1')
      return
    } catch (error) {
      if (!comesUpLater(error) || Date.now() > giveUpAt) throw unreachable(error)
    }
    await pause(200)
  }
}

// Nobody listens yet, the name is not known yet, or PostgreSQL says that it is starting, stopping or full.
const passing = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNRESET',
  '57P03',
  '57P01',
  '53300',
])

function comesUpLater(error: unknown): boolean {
  const code = sqlState(error)
  return code !== undefined && passing.has(code)
}

function unreachable(cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message || sqlState(cause) : String(cause)
  // `cause` of some network errors has no message but holds one error per address.
  return new AppError('config-invalid', `The database cannot be used: ${why}. Check DATABASE_URL.`, { cause })
}

/** Answers the version. */
async function refuseOldServer(pool: Pool): Promise<string> {
  const [row] = await pool.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  )
  if (row && Math.floor(row.number / 10_000) >= oldestServer) return row.version
  throw new AppError(
    'config-invalid',
    `PostgreSQL ${oldestServer} or newer is needed; this is ${row?.version}`,
  )
}
