// One PostgreSQL data folder and the server process on it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../core/errors.ts'
import { program } from './binaries.ts'
import { isAlive } from './process-identity.ts'
import type { RunAs } from './run-as.ts'

export interface Cluster {
  bin: string
  /** The data folder itself (`PG_VERSION`, `base`, …). */
  data: string
  logFile: string
  runAs: RunAs | undefined
  /** A folder for the unix socket, or a port on 127.0.0.1 where there are none. */
  at: { socketFolder: string } | { port: number }
}

export interface Postmaster {
  pid: number
  /** Ends with the process: fast shutdown first, immediate after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>
}

// Not `fermata`: a role named like the schema would find its tables without the prefix, and only here.
export const superuser = 'postgres'
const socketPort = 5432

export function connectionOf(at: Cluster['at']): { host: string; port: number } {
  return 'port' in at ? { host: '127.0.0.1', port: at.port } : { host: at.socketFolder, port: socketPort }
}

/** Makes the data folder unless it is there. `temporary` skips the flush to disk. */
export async function initCluster(
  cluster: Cluster,
  password: string,
  options: { temporary?: boolean } = {},
): Promise<void> {
  if (existsSync(cluster.data)) return
  // Under another name until it is whole: a killed start leaves nothing that looks like data.
  const unfinished = `${cluster.data}.new-${process.pid}`
  await makeOwned(unfinished, cluster.runAs)
  const passwordFile = join(unfinished, '..', `initial-password-${process.pid}`)
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (cluster.runAs) await chown(passwordFile, cluster.runAs.uid, cluster.runAs.gid)
    const settings = ['--pgdata', unfinished, '--username', superuser, '--pwfile', passwordFile]
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const flags = ['--auth=scram-sha-256', '--no-instructions', ...(options.temporary ? ['--no-sync'] : [])]
    await runProgram(cluster, 'initdb', [...settings, ...locale, ...flags])
    await rename(unfinished, cluster.data)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** A folder of mode 0700 that belongs to `runAs`. */
export async function makeOwned(folder: string, runAs: RunAs | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  if (runAs) await chown(folder, runAs.uid, runAs.gid)
}

function childOptions(cluster: Cluster) {
  return {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
    ...(cluster.runAs ?? {}),
  }
}

function runProgram(cluster: Cluster, name: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(cluster.bin, program(name)), args, { ...childOptions(cluster), stdio: 'pipe' })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const text = Buffer.concat(output).toString('utf8').trim()
      reject(new AppError('unavailable', `${name} ended with code ${code}: ${text}`))
    })
  })
}

/** Starts the server process and resolves once it takes connections (crash recovery included). */
export async function startPostmaster(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<Postmaster> {
  const { host, port } = connectionOf(cluster.at)
  const place =
    'port' in cluster.at
      ? { listen_addresses: host, unix_socket_directories: '' }
      : { listen_addresses: '', unix_socket_directories: host, unix_socket_permissions: '0700' }
  const all = { ...settings, ...place, port: String(port) }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(cluster.logFile, 'a', 0o600)
  try {
    // Detached: Ctrl-C in the terminal must reach us, who then stop the database last.
    const child = spawn(join(cluster.bin, program('postgres')), ['-D', cluster.data, ...args], {
      ...childOptions(cluster),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    })
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    failed.catch(() => undefined)
    child.unref()
    const pid = child.pid
    if (pid === undefined) return await failed
    await untilReady(cluster, pid)
    return { pid, stop: (patienceMs) => stopPostmaster(pid, patienceMs) }
  } finally {
    await log.close()
  }
}

export interface PidFile {
  pid: number
  /** Seconds since 1970. */
  startedAt: number
  port: number
  socketFolder: string
  status: string
}

/** What a server process wrote about itself; undefined when none did. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!pid) return undefined
  const [, , startedAt, port, socketFolder = '', , , status = ''] = lines
  return { pid, startedAt: Number(startedAt), port: Number(port), socketFolder, status }
}

async function untilReady(cluster: Cluster, pid: number): Promise<void> {
  for (;;) {
    const file = await readPidFile(cluster.data)
    if (file?.pid === pid && file.status === 'ready') return
    if (!isAlive(pid)) throw new AppError('unavailable', await lastWords(cluster))
    await pause(10)
  }
}

async function lastWords(cluster: Cluster): Promise<string> {
  const log = await readFile(cluster.logFile, 'utf8').catch(() => '')
  const lines = log.trim().split('\n').slice(-5).join('\n')
  return `The embedded PostgreSQL did not start. The end of ${cluster.logFile}:\n${lines}`
}

/** Fast shutdown (clients are disconnected, everything is flushed), immediate shutdown after `patienceMs`. */
export async function stopPostmaster(pid: number, patienceMs = 20_000): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  signal(pid, 'SIGINT')
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) signal(pid, 'SIGQUIT')
    await pause(10)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already.
  }
}
