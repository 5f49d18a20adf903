// Where clients find the embedded server: a unix socket in a closed folder with a short name.
import { createHash } from 'node:crypto'
import { lstat, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, makeOwned } from './cluster.ts'
import { isReachable, type RunAs } from './run-as.ts'

// The path of a unix socket has room for 104 bytes on macOS, 108 on Linux; the file is `.s.PGSQL.5432`.
const longestFolder = 104 - '/.s.PGSQL.5432'.length - 1

/** A folder (or, on Windows, a port of 127.0.0.1) for the database whose data are in `data`. */
export async function placeFor(data: string, runAs: RunAs | undefined): Promise<Cluster['at']> {
  if (process.platform === 'win32') return { port: await freePort() }
  const name = `fermata-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`
  const folder = join(temporaryFolder(name, runAs), name)
  const socketFolder = (await isTakenByOthers(folder, runAs)) ? await mkdtemp(`${folder}-`) : folder
  // No server runs on these data: what is in the folder was left by one that was killed.
  await rm(socketFolder, { recursive: true, force: true })
  await makeOwned(socketFolder, runAs)
  return { socketFolder }
}

function temporaryFolder(name: string, runAs: RunAs | undefined): string {
  const preferred = tmpdir()
  const fits = Buffer.byteLength(join(preferred, `${name}-XXXXXX`)) <= longestFolder
  return fits && isReachable(preferred, runAs, 0o1) ? preferred : '/tmp'
}

// Anybody may write to /tmp: a folder of that name may be a trap.
async function isTakenByOthers(folder: string, runAs: RunAs | undefined): Promise<boolean> {
  const entry = await lstat(folder).catch(() => undefined)
  const owner = runAs?.uid ?? process.getuid?.()
  return entry !== undefined && (!entry.isDirectory() || entry.uid !== owner)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
