// The PostgreSQL these tests stand on: the embedded one, set as in production, to be stopped and started at will.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool, type Pool } from '../../../src/store/db.ts'
import { prepareBinaries } from '../../../src/store/embedded/binaries.ts'
import {
  type Cluster,
  connectionOf,
  initCluster,
  makeOwned,
  type Postmaster,
  startPostmaster,
  superuser,
} from '../../../src/store/embedded/cluster.ts'
import { isAlive } from '../../../src/store/embedded/process-identity.ts'
import { chooseRunAs } from '../../../src/store/embedded/run-as.ts'
import { serverSettings } from '../../../src/store/embedded/settings.ts'
import { urlOf } from '../../../src/store/embedded.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { keepTransitions } from './transitions.ts'

export interface ChaosDatabase {
  name: string
  /** The test's own, which no fault touches on purpose. */
  pool: Pool
  url: string
  drop(): Promise<void>
}

export interface Ground {
  /** For ledgers and the like; goes with the ground. */
  folder: string
  /** Where the server listens: a unix socket. */
  socket: string
  /** Migrated, and keeping its log of transitions. */
  createDatabase(): Promise<ChaosDatabase>
  /** As `pg_ctl stop -m immediate` does: no checkpoint, the next start recovers. */
  stopImmediately(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const settings = { ...serverSettings, max_connections: '200' }
const template = 'chaos_template'

export async function openGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-chaos-'))
  await chmod(folder, 0o755)
  const runAs = chooseRunAs(join(folder, 'pg'))
  const { bin } = await prepareBinaries(runAs, folder)
  const at = { socketFolder: join(folder, 'socket') }
  await makeOwned(at.socketFolder, runAs)
  await mkdir(join(folder, 'ledgers'))
  const cluster: Cluster = { bin, data: join(folder, 'pg'), logFile: join(folder, 'pg.log'), runAs, at }
  const password = randomBytes(16).toString('hex')
  await initCluster(cluster, password)
  let postmaster: Postmaster = await startPostmaster(cluster, settings)
  const config = (database: string) => ({ ...connectionOf(at), user: superuser, password, database })
  await prepareTemplate(config)
  let made = 0
  let copied = Promise.resolve()

  // Whoever ends in the middle of a run leaves no server behind.
  const leave = (): void => {
    if (isAlive(postmaster.pid)) process.kill(postmaster.pid, 'SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', leave)

  async function stopImmediately(): Promise<void> {
    process.kill(postmaster.pid, 'SIGQUIT')
    while (isAlive(postmaster.pid)) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  return {
    folder,
    socket: join(at.socketFolder, '.s.PGSQL.5432'),
    stopImmediately,
    async start() {
      postmaster = await startPostmaster(cluster, settings)
    },
    async createDatabase() {
      const name = `chaos_${++made}`
      // A template is copied for one at a time.
      copied = copied.then(() =>
        administrate(config('postgres'), `create database ${name} template ${template}`),
      )
      await copied
      const pool = openPool({ ...config(name), application_name: 'chaos-oracle' })
      return {
        name,
        pool,
        url: urlOf(config(name)),
        async drop() {
          await pool.close()
          await administrate(config('postgres'), `drop database if exists ${name} with (force)`)
        },
      }
    },
    async close() {
      process.off('exit', leave)
      await stopImmediately()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type ConfigFor = (database: string) => Parameters<typeof openPool>[0]

async function prepareTemplate(config: ConfigFor): Promise<void> {
  await administrate(config('postgres'), `create database ${template}`)
  const pool = openPool(config(template))
  await migrate(pool)
  await keepTransitions(pool)
  await pool.close()
}

async function administrate(config: Parameters<typeof openPool>[0], sql: string): Promise<void> {
  const pool = openPool({ ...config, max: 1 })
  try {
    await pool.run(sql)
  } finally {
    await pool.close()
  }
}
