// A fresh embedded PostgreSQL for one session of benchmarks, with the settings the product ships.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool } from '../../src/store/db.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { familyCpu } from './proc.ts'

export interface BenchDatabase {
  pool: Pool
  /** For processes of their own. */
  url: string
  /** Where its files are. */
  dataDir: string
  /** CPU seconds used so far by PostgreSQL, all processes. */
  cpuSeconds(): number
  /** Bytes written to the log so far. */
  walBytes(): Promise<number>
  close(): Promise<void>
}

/** Removed by the caller. Reachable for the user who runs PostgreSQL when we are root. */
export function makeDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-bench-'))
  chmodSync(folder, 0o755)
  return folder
}

export async function openBenchDatabase(connections = 8): Promise<BenchDatabase> {
  const folder = makeDataFolder()
  const database = await openDatabaseIn(folder, connections)
  return {
    ...database,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** In a folder that stays: what was written there is found again the next time. */
export async function openDatabaseIn(folder: string, connections = 8): Promise<BenchDatabase> {
  const embedded = await startEmbedded({ dataDir: folder })
  const pool = openPool({ ...embedded.config, max: connections })
  await migrate(pool)
  const postmaster = readPostmaster(embedded.dataDir)
  return {
    pool,
    url: embedded.url,
    dataDir: embedded.dataDir,
    cpuSeconds: () => familyCpu(postmaster),
    walBytes: () => readWal(pool),
    async close() {
      await pool.close()
      await embedded.stop()
    },
  }
}

export function readPostmaster(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

export async function readWal(pool: Pool): Promise<number> {
  const [row] = await pool.query<{ wal: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal`,
  )
  return Number(row?.wal)
}

/** A pool that counts: each statement outside a transaction is one transaction of its own. */
export function countingPool(pool: Pool): { pool: Pool; transactions(): number } {
  let count = 0
  const counted: Pool = {
    ...pool,
    query(...args) {
      count++
      return pool.query(...args)
    },
    run(...args) {
      count++
      return pool.run(...args)
    },
    transaction(work) {
      count++
      return pool.transaction(work)
    },
  }
  return { pool: counted, transactions: () => count }
}
