// vitest globalSetup: one database server per run, started when the first test file asks for it.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PoolConfig } from 'pg'
import type { TestProject } from 'vitest/node'
import { openPool } from '../../src/store/db.ts'
import { prepareBinaries } from '../../src/store/embedded/binaries.ts'
import {
  type Cluster,
  connectionOf,
  initCluster,
  makeOwned,
  readPidFile,
  startPostmaster,
  stopPostmaster,
  superuser,
} from '../../src/store/embedded/cluster.ts'
import { isAlive } from '../../src/store/embedded/process-identity.ts'
import { chooseRunAs } from '../../src/store/embedded/run-as.ts'
import { migrate } from '../../src/store/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers a GET with the `TestServer` as JSON. */
    postgresBroker: string
  }
}

export interface TestServer {
  config: PoolConfig
  template: string
}

interface Running extends TestServer {
  stop(): Promise<void>
}

const prefix = 'fermata-test-'
// A test database is thrown away: nothing of it needs to survive a power cut.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '64MB',
  jit: 'off',
}

/** Called by vitest, once per run. Returns the teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<Running> | undefined
  const broker = createServer((_, response) => {
    running ??= startServer()
    running.then(
      ({ config, template }) => response.end(JSON.stringify({ config, template })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  project.provide('postgresBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  return async () => {
    broker.closeAllConnections()
    broker.close()
    await (await running?.catch(() => undefined))?.stop()
  }
}

async function startServer(): Promise<Running> {
  const external = process.env.TEST_DATABASE_URL
  const { config, stop } = external
    ? { config: fieldsOf(external), stop: async () => undefined }
    : await startTemporary()
  try {
    return await prepareTemplate(config, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepareTemplate(config: PoolConfig, stop: () => Promise<void>): Promise<Running> {
  const template = `fermata_template_${process.pid}_${randomBytes(4).toString('hex')}`
  const admin = openPool({ ...config, max: 1 })
  await admin.run(`create database ${template}`)
  const pool = openPool(configFor(config, template))
  await migrate(pool)
  await pool.close()
  return {
    config,
    template,
    async stop() {
      await admin.run(`drop database ${template} with (force)`)
      await admin.close()
      await stop()
    },
  }
}

/** Apart, because tests change one: another user, a wrong password. */
function fieldsOf(text: string): PoolConfig {
  const { hostname, port, username, password, pathname } = new URL(text)
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1) || 'postgres',
  }
}

/** The same server, another database. */
export function configFor(config: PoolConfig, database: string): PoolConfig {
  return { ...config, database }
}

async function startTemporary(): Promise<{ config: PoolConfig; stop(): Promise<void> }> {
  await removeLeftovers()
  const home = join(tmpdir(), `${prefix}${process.pid}`)
  const runAs = chooseRunAs(join(home, 'pg'))
  await mkdir(home, { mode: 0o711 })
  const { bin } = await prepareBinaries(runAs, home)
  const at = { socketFolder: join(home, 'socket') }
  await makeOwned(at.socketFolder, runAs)
  const cluster: Cluster = { bin, data: join(home, 'pg'), logFile: join(home, 'pg.log'), runAs, at }
  const password = randomBytes(16).toString('hex')
  await initCluster(cluster, password, { temporary: true })
  const postmaster = await startPostmaster(cluster, settings)
  return {
    config: { ...connectionOf(at), user: superuser, password, database: 'postgres' },
    async stop() {
      await postmaster.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

// Runs that were killed could not stop their server.
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.slice(prefix.length))
    if (!name.startsWith(prefix) || !pid || isAlive(pid)) continue
    const folder = join(tmpdir(), name)
    const server = await readPidFile(join(folder, 'pg'))
    if (server?.socketFolder.startsWith(folder)) await stopPostmaster(server.pid)
    // What another user left is theirs to remove.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}
