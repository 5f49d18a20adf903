// What `fermata doctor` says about the database.
import { statfs } from 'node:fs/promises'
import type { Pool } from './db.ts'

export interface DatabaseReport {
  /** As the server says, e.g. `18.4`. */
  version: string
  name: string
  sizeBytes: number
  fsync: boolean
  /** `off` means that acknowledged executions may be lost in a crash of the server. */
  synchronousCommit: string
  connections: { used: number; most: number }
  /** The newest migration applied. */
  schema: string
  /** Seconds by which the clock of the database is ahead of ours. */
  clockAheadSeconds: number
  /** Of the disk of the data folder; absent for a server of the operator's own. */
  diskFreeBytes?: number
  /** Whole sentences about what should be changed; empty when all is well. */
  warnings: string[]
}

interface Row {
  version: string
  name: string
  size: string
  fsync: string
  sync: string
  used: number
  most: number
  schema: string
  now: Date
}

const leastDiskBytes = 1024 ** 3
const mostDriftSeconds = 5

/** `dataDir`: of the embedded server. */
export async function inspectDatabase(pool: Pool, dataDir?: string): Promise<DatabaseReport> {
  const [row] = await pool.query<Row>(`
    select current_setting('server_version') as version, current_database() as name,
      pg_database_size(current_database()) as size, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as sync, current_setting('max_connections')::int as most,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
      (select name from fermata.migrations order by version desc limit 1) as schema, clock_timestamp() as now`)
  if (!row) throw new Error('The database gave no answer about itself')
  const disk = dataDir === undefined ? undefined : await freeBytes(dataDir)
  const report = {
    version: row.version,
    name: row.name,
    sizeBytes: Number(row.size),
    fsync: row.fsync === 'on',
    synchronousCommit: row.sync,
    connections: { used: row.used, most: row.most },
    schema: row.schema,
    clockAheadSeconds: Math.round((row.now.getTime() - Date.now()) / 1000),
    ...(disk === undefined ? {} : { diskFreeBytes: disk }),
  }
  return { ...report, warnings: warningsAbout(report) }
}

/** What an operator should know about these figures. */
export function warningsAbout(report: Omit<DatabaseReport, 'warnings'>): string[] {
  const { connections, diskFreeBytes = Number.POSITIVE_INFINITY } = report
  const checks: [boolean, string][] = [
    [!report.fsync, 'fsync is off: a power cut may destroy the database.'],
    [
      report.synchronousCommit === 'off',
      'synchronous_commit is off: a crash of the database may lose executions that were acknowledged.',
    ],
    [
      connections.used > connections.most * 0.9,
      `${connections.used} of ${connections.most} connections are in use: raise max_connections or run fewer processes.`,
    ],
    [
      diskFreeBytes < leastDiskBytes,
      'Less than 1 GB is free on the disk of the database: make room or shorten the retention.',
    ],
    [
      Math.abs(report.clockAheadSeconds) > mostDriftSeconds,
      `The clock of the database is ${report.clockAheadSeconds} s ahead of this machine; schedules follow the database.`,
    ],
  ]
  return checks.filter(([isBad]) => isBad).map(([, sentence]) => sentence)
}

async function freeBytes(folder: string): Promise<number | undefined> {
  const disk = await statfs(folder).catch(() => undefined)
  return disk === undefined ? undefined : disk.bavail * disk.bsize
}
