// One PostgreSQL for everybody in the run, with the settings the product ships; a fresh database for each.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../../src/store/db.ts'
import { startEmbedded, urlOf } from '../../src/store/embedded.ts'

export interface SharedServer {
  version: string
  /** fsync, synchronous_commit and full_page_writes, as the server says. */
  settings: string
  freshDatabase(name: string): Promise<string>
  checkpoint(): Promise<void>
  close(): Promise<void>
}

export async function startSharedServer(): Promise<SharedServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fermata-peers-'))
  chmodSync(dataDir, 0o755)
  const embedded = await startEmbedded({ dataDir })
  const pool = openPool({ ...embedded.config, max: 2 })
  const rows = await pool.query<{ line: string }>(
    `select name || ' ' || setting as line from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name`,
  )
  return {
    version: embedded.version,
    settings: rows.map((row) => row.line).join(', '),
    async freshDatabase(name) {
      await pool.run(`create database "${name}"`)
      const { config } = embedded
      return urlOf({ ...config, database: name } as Parameters<typeof urlOf>[0])
    },
    async checkpoint() {
      await pool.run('checkpoint')
    },
    async close() {
      await pool.close()
      await embedded.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
