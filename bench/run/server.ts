// The server as its users start it, in a process of its own, with an embedded database in the folder given.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createToken } from '../../src/access/sign-in/tokens.ts'
import { openPool, type Pool } from '../../src/store/db.ts'
import { joinEmbedded } from '../../src/store/join-embedded.ts'
import { readPostmaster } from './database.ts'

export interface BenchServer {
  url: string
  pid: number
  postmaster: number
  /** Seconds from the start of the process to the first answer of `/readyz`. */
  readyAfter: number
  /** Connections of the bench to the same database. */
  pool: Pool
  stop(): Promise<void>
}

const main = join(import.meta.dirname, '../../src/cli/main.ts')

export async function startServer(folder: string): Promise<BenchServer> {
  const started = performance.now()
  const child = spawn(process.execPath, [...process.execArgv, main, 'serve', '--empty', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', FERMATA_DATA: folder, FERMATA_ADMIN_PASSWORD: 'of-the-bench-only' },
  })
  const gone = once(child, 'exit')
  const url = await Promise.race([readUrl(child.stdout), gone.then(refuse)])
  const answer = await fetch(`${url}/readyz`)
  if (!answer.ok) throw new Error(`/readyz answered ${answer.status}`)
  const readyAfter = (performance.now() - started) / 1000
  const embedded = await joinEmbedded(folder)
  if (!embedded || child.pid === undefined) throw new Error('The server has no database')
  const pool = openPool({ ...embedded.config, max: 2 })
  const postmaster = readPostmaster(embedded.dataDir)
  return {
    ...{ url, pid: child.pid, postmaster, readyAfter, pool },
    async stop() {
      await pool.close()
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function readUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stdout) {
    text += String(chunk)
    const [, url] = text.match(/"url":\s*"(http[^"]+)"/) ?? []
    if (url) return url
  }
  return refuse()
}

function refuse(): never {
  throw new Error('The server ended before it answered')
}

/** A token of the administrator. */
export async function tokenFor(pool: Pool): Promise<string> {
  const [admin] = await pool.query<{ id: string }>(`select id from fermata.users where name = 'admin'`)
  if (!admin) throw new Error('There is no administrator')
  return (await createToken(pool, { userId: admin.id, name: 'bench' })).secret
}
