import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { PoolConfig } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPool } from './db.ts'
import { readPidFile } from './embedded/cluster.ts'
import { isAlive } from './embedded/process-identity.ts'
import { isReachable } from './embedded/run-as.ts'
import { type Embedded, findHolder, startEmbedded } from './embedded.ts'

const isRoot = process.getuid?.() === 0
const stranger = { uid: 65534, gid: 65534 }
const childScript = join(import.meta.dirname, '../../tests/helpers/embedded-child.ts')
const checkoutIsOpen = isReachable(childScript, stranger, 0o4) && isReachable(process.execPath, stranger)

let base: string
let dataDir: string
let open: Embedded[]
let children: ChildProcess[]

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'fermata-embedded-'))
  await chmod(base, 0o755)
  dataDir = join(base, 'data')
  open = []
  children = []
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const embedded of open) await embedded.stop()
  for (const folder of [dataDir, join(base, 'closed', 'data')]) {
    if (children.length > 0 && (await stat(folder).catch(() => undefined))) {
      await (await startEmbedded({ dataDir: folder, elsewhere: [join(base, 'var')] })).stop()
    }
  }
  await rm(base, { recursive: true })
})

async function start(options: { dataDir?: string; elsewhere?: string[] } = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, ...options })
  open.push(embedded)
  return embedded
}

async function stop(embedded: Embedded): Promise<void> {
  open = open.filter((other) => other !== embedded)
  await embedded.stop()
}

async function startChild(user?: { uid: number; gid: number }): Promise<{
  child: ChildProcess
  config: PoolConfig
  dataDir: string
}> {
  const child = spawn(process.execPath, [childScript, dataDir, join(base, 'var')], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  })
  children.push(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, ...(JSON.parse(line) as { config: PoolConfig; dataDir: string }) }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function ask<R extends object>(config: PoolConfig, sql: string): Promise<R[]> {
  const pool = openPool({ ...config, max: 1 })
  try {
    return await pool.query<R>(sql)
  } finally {
    await pool.close()
  }
}

describe('startEmbedded', () => {
  it('starts PostgreSQL 18, durable, behind a socket that only its owner reaches', async () => {
    const { config, url, version } = await start()
    expect(version).toMatch(/^18\./)
    const [row] = await ask(
      config,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
        current_setting('listen_addresses') as tcp, current_database() as name`,
    )
    expect(row).toEqual({ fsync: 'on', sync: 'on', tcp: '', name: 'fermata' })
    expect((await stat(config.host ?? '')).mode & 0o777).toBe(0o700)
    expect((await stat(join(dataDir, 'database-password'))).mode & 0o777).toBe(0o600)
    expect(await ask({ connectionString: url }, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(ask({ ...config, password: 'guessed' }, 'select 1')).rejects.toThrow('password')
  })

  it('keeps the data over a restart, and leaves nothing running', async () => {
    const first = await start()
    await ask(first.config, 'create table kept as select 42 as answer')
    const server = await readPidFile(first.dataDir)
    await stop(first)
    expect(isAlive(server?.pid ?? 0)).toBe(false)
    await expect(stat(first.config.host ?? '')).rejects.toThrow('ENOENT')
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await ask(second.config, 'select * from kept')).toEqual([{ answer: 42 }])
  })

  it('takes over the server of a Fermata that was killed', async () => {
    const { child, config } = await startChild()
    await ask(config, 'create table kept as select 42 as answer')
    await kill(child)
    const next = await start()
    expect(next.adopted).toBe(true)
    expect(await ask(next.config, 'select * from kept')).toEqual([{ answer: 42 }])
    const server = await readPidFile(next.dataDir)
    await stop(next)
    expect(isAlive(server?.pid ?? 0)).toBe(false)
  })

  it('recovers what was committed when server and database were both killed', async () => {
    const { child, config, dataDir: data } = await startChild()
    await ask(config, 'create table kept as select 42 as answer')
    const server = await readPidFile(data)
    await kill(child)
    process.kill(server?.pid ?? 0, 'SIGKILL')
    const next = await start()
    expect(next.adopted).toBe(false)
    expect(await ask(next.config, 'select * from kept')).toEqual([{ answer: 42 }])
  })

  it('starts a database again that was killed under a living server', async () => {
    const { config, dataDir: data } = await start()
    const server = await readPidFile(data)
    process.kill(server?.pid ?? 0, 'SIGKILL')
    const isBack = () => ask(config, 'select 1 as one').catch(() => [])
    await expect.poll(isBack, { timeout: 20_000 }).toEqual([{ one: 1 }])
  })

  it('refuses a second server on the same folder, naming the first', async () => {
    const { child } = await startChild()
    const refused = startEmbedded({ dataDir })
    await expect(refused).rejects.toMatchObject({ code: 'in-use' })
    await expect(refused).rejects.toThrow(`process ${child.pid}, since 2`)
    await expect(refused).rejects.toThrow('http://127.0.0.1:7070')
    expect(await findHolder(dataDir)).toMatchObject({ pid: child.pid })
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    expect(await findHolder(dataDir)).toBeUndefined()
    await start()
  })

  it.runIf(isRoot && checkoutIsOpen)('works as an ordinary user', async () => {
    await mkdir(dataDir)
    await chown(dataDir, stranger.uid, stranger.gid)
    const { config, child } = await startChild(stranger)
    expect(await ask(config, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await stat(join(dataDir, 'pg'))).uid).toBe(stranger.uid)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })

  it.runIf(isRoot && checkoutIsOpen)(
    'tells an ordinary user that the data are of somebody else',
    async () => {
      await stop(await start())
      const child = spawn(process.execPath, [childScript, dataDir], { cwd: '/', ...stranger })
      const chunks: string[] = []
      child.stderr.on('data', (chunk: Buffer) => chunks.push(String(chunk)))
      const [code] = (await once(child, 'close')) as [number]
      expect(code).toBe(1)
      expect(chunks.join('')).toContain('belongs to user 0; start Fermata as that user or as root')
    },
  )

  it.runIf(isRoot)('as root runs under another user', async () => {
    const { dataDir: data } = await start()
    expect(data).toBe(join(dataDir, 'pg'))
    expect((await stat(data)).uid).not.toBe(0)
  })

  it.runIf(isRoot)('as root keeps the data elsewhere when others cannot enter the folder', async () => {
    await mkdir(join(base, 'closed'), { mode: 0o700 })
    const options = { dataDir: join(base, 'closed', 'data'), elsewhere: [join(base, 'var')] }
    const first = await start(options)
    expect(first.dataDir.startsWith(join(base, 'var'))).toBe(true)
    expect(await readFile(join(base, 'closed', 'data', 'database.json'), 'utf8')).toContain(join(base, 'var'))
    await ask(first.config, 'create table kept as select 42 as answer')
    await stop(first)
    // The note decides from now on, wherever new data would go.
    const second = await start({ ...options, elsewhere: [join(base, 'other')] })
    expect(await ask(second.config, 'select * from kept')).toEqual([{ answer: 42 }])
  })
})
