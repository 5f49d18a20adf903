// A fresh embedded PostgreSQL for one session of benchmarks, with the settings the product ships.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool } from '../src/store/db.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { migrate } from '../src/store/migrate.ts'

export interface BenchDatabase {
  pool: Pool
  /** CPU seconds used so far by PostgreSQL, all processes. */
  cpuSeconds(): number
  counters(): Promise<Counters>
  close(): Promise<void>
}

export interface Counters {
  walBytes: number
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

export async function openBenchDatabase(connections = 8): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fermata-bench-'))
  chmodSync(dataDir, 0o755)
  const embedded = await startEmbedded({ dataDir })
  const pool = openPool({ ...embedded.config, max: connections })
  await migrate(pool)
  const [row] = await pool.query<{ dir: string }>(`select current_setting('data_directory') as dir`)
  const postmaster = Number(readFileSync(join(row?.dir ?? '', 'postmaster.pid'), 'utf8').split('\n')[0])
  return {
    pool,
    cpuSeconds: () => familyCpu(postmaster),
    counters: () => readCounters(pool),
    async close() {
      await pool.close()
      await embedded.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function readCounters(pool: Pool): Promise<Counters> {
  const [row] = await pool.query<{ wal: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal`,
  )
  return { walBytes: Number(row?.wal) }
}

const ticksPerSecond = 100

/** User and system time of a process and all its children, from /proc. */
function familyCpu(root: number): number {
  let ticks = 0
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue
    const fields = statOf(name)
    if (!fields) continue
    if (Number(name) === root || Number(fields[1]) === root) ticks += Number(fields[11]) + Number(fields[12])
    if (Number(name) === root) ticks += Number(fields[13]) + Number(fields[14])
  }
  return ticks / ticksPerSecond
}

/** Fields of /proc/PID/stat after the command name: state, ppid, … utime (11), stime (12), cutime, cstime. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
