// The server as its users start it, in a process of its own, on a database of these tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createToken } from '../../../src/access/sign-in/tokens.ts'
import type { Pool } from '../../../src/store/db.ts'

export interface ServerProcess {
  url: string
  /** What it has written to stdout and stderr. */
  log(): string
  signal(signal: NodeJS.Signals): void
  /** Exit code or signal. */
  readonly ended: Promise<number | string>
  readonly isAlive: boolean
}

const main = join(import.meta.dirname, '../../../src/cli/main.ts')

/** Resolves when it listens. */
export async function startServer(variables: Record<string, string>): Promise<ServerProcess> {
  const { FERMATA_URL: _other, ...rest } = process.env
  const child = spawn(process.execPath, [main, 'serve', '--empty', '--json'], {
    env: { ...rest, PORT: '0', NO_COLOR: '1', FERMATA_ADMIN_PASSWORD: 'of these tests', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => (log += String(part)))
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  return {
    url: await urlOf(child, () => log),
    log: () => log,
    ended,
    signal: (signal) => void child.kill(signal),
    get isAlive() {
      return child.exitCode === null && child.signalCode === null
    },
  }
}

async function urlOf(child: ChildProcess, log: () => string): Promise<string> {
  for (;;) {
    const [, url] = log().match(/"url":\s*"(http[^"]+)"/) ?? []
    if (url) return url
    if (child.exitCode !== null) throw new Error(`The server ended before it listened: ${log()}`)
    await Promise.race([once(child.stdout as NodeJS.EventEmitter, 'data'), once(child, 'exit')])
  }
}

/** Headers that act as the administrator. */
export async function adminHeaders(pool: Pool): Promise<Record<string, string>> {
  const [admin] = await pool.query<{ id: string }>(`select id from fermata.users where name = 'admin'`)
  if (!admin) throw new Error('There is no administrator')
  const { secret } = await createToken(pool, { userId: admin.id, name: 'chaos' })
  return { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
}
