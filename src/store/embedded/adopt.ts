// A server process that outlived its Fermata (kill -9): taken over when it answers, stopped when it does not.
import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPool } from '../db.ts'
import {
  type Cluster,
  connectionOf,
  type Postmaster,
  readPidFile,
  stopPostmaster,
  superuser,
} from './cluster.ts'
import { isAlive } from './process-identity.ts'

export interface Adopted {
  postmaster: Postmaster
  at: Cluster['at']
}

/** The running server of this data folder, if one runs and is the version we would start. */
export async function adoptPostmaster(
  data: string,
  expected: { password: string; version: string },
): Promise<Adopted | undefined> {
  const file = await readPidFile(data)
  if (!file) return undefined
  const { pid } = file
  if (!isAlive(pid) || !isPostmasterOf(pid, data)) {
    await forgetDead(data)
    return undefined
  }
  const at = file.socketFolder ? { socketFolder: file.socketFolder } : { port: file.port }
  if (await answers(at, expected)) {
    return { at, postmaster: { pid, stop: (patienceMs) => stopPostmaster(pid, patienceMs) } }
  }
  await stopPostmaster(pid)
  await forgetDead(data)
  return undefined
}

async function answers(at: Cluster['at'], expected: { password: string; version: string }): Promise<boolean> {
  const { password } = expected
  const pool = openPool({ ...connectionOf(at), user: superuser, password, database: 'postgres', max: 1 })
  try {
    const [row] = await pool.query<{ version: string }>("select current_setting('server_version') as version")
    return row !== undefined && `${expected.version}.`.startsWith(`${row.version}.`)
  } catch {
    return false
  } finally {
    await pool.close()
  }
}

// PostgreSQL refuses to start while any process has the id in the file: a stranger, or a dead one whose parent
// does not collect it (a container without an init). Its own check for surviving children goes by that file, so
// wait for them here.
async function forgetDead(data: string): Promise<void> {
  if (process.platform === 'linux') {
    const folder = realpathSync(data)
    const giveUpAt = Date.now() + 10_000
    while (processesIn(folder).length > 0 && Date.now() < giveUpAt) await pause(20)
    if (processesIn(folder).length > 0) return
  }
  await rm(join(data, 'postmaster.pid'), { force: true })
}

function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && workingFolder(name) === folder)
}

// A postmaster and its children work in their data folder and, elsewhere than on Linux, it is in the command line.
function isPostmasterOf(pid: number, data: string): boolean {
  if (process.platform === 'linux') return workingFolder(String(pid)) === realpathSync(data)
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(data)
  } catch {
    return false
  }
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
