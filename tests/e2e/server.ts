// The real server as a child: embedded database and demo world in a folder of its own, on a free port.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface E2eServer {
  /** Origin, e.g. `http://127.0.0.1:41234`. */
  url: string
  /** Signs the administrator in, once. */
  link: string
  stop(): Promise<void>
}

const main = join(import.meta.dirname, '../../src/cli/main.ts')
const linkPattern = /(http:\/\/[^\s/]+)\/sign-in\?\S+/

/** `more`: settings other than those of a demo world. */
export async function startServer(more: Record<string, string> = {}): Promise<E2eServer> {
  const data = await mkdtemp(join(tmpdir(), 'fermata-e2e-'))
  const { DATABASE_URL: _ours, ...env } = process.env
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { ...env, FERMATA_DATA: data, PORT: '0', FERMATA_DEMO: '1', NO_COLOR: '1', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [link, url] = await readLink(child)
  return {
    url,
    link,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The one-time link the server prints once it answers. */
function readLink(child: ChildProcess): Promise<[link: string, origin: string]> {
  let printed = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += stripVTControlCharacters(chunk.toString())
      const match = linkPattern.exec(printed)
      if (match?.[1]) resolve([match[0], match[1]])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)))
    child.once('error', reject)
  })
}
