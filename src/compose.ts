// Puts the parts of one process together: database, vault, services, demo world, engine, application.
// Who listens, or calls without listening, is decided by those who compose: `server.ts` and the command line.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { firstAdministrator } from './access/first-administrator.ts'
import { countAdministrators } from './access/users.ts'
import { openVault, type Vault } from './access/vault/vault.ts'
import { type AppDeps, createApp } from './api/create-app.ts'
import type { CheckDocument } from './api/documents.ts'
import { checkDocuments } from './check-documents.ts'
import type { Config } from './config.ts'
import { AppError } from './core/errors.ts'
import { demoControl } from './demo/demo-control.ts'
import { joinDemoHosts } from './demo/hosts/join-demo-hosts.ts'
import { type DemoHosts, placesOf } from './demo/hosts/start-demo-hosts.ts'
import { readHosts, readPhase } from './demo/kept-state.ts'
import { joinDemo, outboundAllow, seedDemo, startDemo } from './demo/start-demo.ts'
import { type LocalCaller, localCaller } from './local-caller.ts'
import { startBatches } from './runtime/batches/start-batches.ts'
import { keepPruning } from './runtime/keep-pruning.ts'
import { loadHelp } from './runtime/load-help.ts'
import { createFigures, type Figures } from './runtime/metrics/figures.ts'
import { loadNodeTypes } from './runtime/registry.ts'
import { type SchedulerParts, startScheduler } from './runtime/schedules/start-scheduler.ts'
import type { Services } from './runtime/services.ts'
import { type RunningEngine, startEngine } from './runtime/start-engine.ts'
import { openTraces } from './runtime/traces/open-traces.ts'
import type { Traces } from './runtime/traces/traces.ts'
import { createServices } from './runtime/wiring/create-services.ts'
import { createTell } from './runtime/wiring/create-tell.ts'
import type { Pool } from './store/db.ts'
import { type Database, openDatabase } from './store/open-database.ts'
import { listProcesses } from './store/processes.ts'
import { inTurn, turns, unlessTaken } from './store/take-turns.ts'
import { waitForOthers } from './store/wait-for-others.ts'

export interface ComposeOptions {
  /** Of the package. */
  version: string
  log: Logger
  /** Default: those of the configuration. `alone`: no other process on this database carries executions on. */
  roles?: (alone: boolean) => readonly string[]
  /** Where this process will answer. */
  address?: string
  /** Use the embedded database of the process that holds the data folder, if one does. */
  join?: boolean
  /** Make the demo world in an empty database. */
  demo: boolean
  /** This process serves others: it makes no administrator and starts no hosts of the demo world. */
  helps?: boolean
  /** The application answers how the process is, and nothing else. */
  healthOnly?: boolean
  /** Whether a new one-time link replaces the last one. */
  wantsLink: boolean
  /** Lets the command line call the application as this user. */
  actAs?: string
}

export interface House {
  database: Database
  /** No other process on this database carried executions on when this one started. */
  alone: boolean
  engine: RunningEngine
  app: FastifyInstance
  demo: DemoHosts | undefined
  /** Secret of a link that signs the first administrator in, once. */
  link: string | undefined
  local: LocalCaller | undefined
  /** Makes what is missing of the demo world; some seconds. */
  seed(): Promise<void>
  /** In reverse order of opening; at most 25 s. */
  close(): Promise<void>
}

/** What others on an embedded database of ours need to see the end of what they watch. */
const othersMs = 5000
const consoleRoot = join(import.meta.dirname, '../dist/web')

export async function compose(config: Config, options: ComposeOptions): Promise<House> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const next of closers.splice(0).reverse()) await next()
  }
  try {
    return { ...(await open(config, options, (closer) => void closers.push(closer))), close }
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

type OnClose = (closer: () => Promise<void>) => void

async function open(
  config: Config,
  options: ComposeOptions,
  onClose: OnClose,
): Promise<Omit<House, 'close'>> {
  const figures = createFigures()
  const database = await openDatabase(databaseConfig(config, options, figures))
  onClose(database.close)
  const isShared = options.join === true && database.embedded !== undefined && !database.joined
  if (isShared) onClose(() => waitForOthers(database.pool, othersMs))
  const { pool } = database
  const vault = await openVault(pool, keySource(config))
  const link = options.helps ? undefined : await openDoor(database, config, options)
  const types = await loadNodeTypes(config.plugins)
  const wired = createServices({ pool, vault, outboundAllow: config.outboundAllow })
  onClose(wired.close)
  const demo = await openDemo({ database, vault, options })
  if (demo) {
    onClose(demo.close)
    wired.allowOutbound(outboundAllow(demo))
  }
  const { log, version } = options
  const alone = await isAlone(database)
  const roles = [...(options.roles?.(alone) ?? config.roles)]
  const { concurrency, tags, untagged, riskRules } = config
  const engineOptions = { roles, concurrency, tags, untagged, riskRules, services: wired.services, figures }
  const traces = await tracesFor(pool, config, version)
  if (traces) onClose(traces.close)
  const engine = await startEngine({
    pool,
    types,
    log,
    version,
    ...engineOptions,
    ...(traces ? { traces } : {}),
  })
  onClose(() => engine.stop())
  if (roles.includes('scheduler')) onClose(keepPruning(pool, config, log))
  if (roles.includes('scheduler'))
    onClose(openScheduler({ pool, engine, log, http: wired.services.http }, config))
  const checkDocument = checkDocuments(pool, types)
  const seeding = prepareSeeding({ database, vault, engine, checkDocument, log })
  onClose(seeding.stop)
  const local = options.actAs === undefined ? undefined : await localCaller(pool, options.actAs)
  const control = demoControl({ db: pool, vault, engine, hosts: demo })
  const shown = { db: pool, vault, demo: control, engine, checkDocument }
  const app = await openApp(config, options, { ...shown, ...(local ? { localToken: local.byToken } : {}) })
  onClose(() => app.close())
  return { database, alone, engine, app, demo, link, local, seed: seeding.start }
}

type Shown = Pick<AppDeps, 'db' | 'vault' | 'demo' | 'checkDocument' | 'localToken'>

async function openApp(
  { metrics: metricsAccess, plugins }: Config,
  { version, log: all, healthOnly = false }: ComposeOptions,
  shown: Shown & { engine: RunningEngine },
): Promise<FastifyInstance> {
  const help = await loadHelp(plugins)
  const log = all.child({ process: shown.engine.core.worker })
  return createApp({ ...shown, help, healthOnly, consoleRoot, version, log, metricsAccess })
}

/** What starts executions by itself. Answers what ends it. */
function openScheduler(
  { http, ...parts }: Omit<SchedulerParts, 'tell'> & { http: Services['http'] },
  { smtpUrl, mailFrom, publicUrl }: Config,
): () => Promise<void> {
  const tell = createTell({ http, smtpUrl, mailFrom, publicUrl })
  const scheduler = startScheduler({ ...parts, tell })
  const batches = startBatches(parts)
  return async () => {
    await Promise.all([scheduler.stop(), batches.stop()])
    tell.close()
  }
}

function tracesFor(pool: Pool, config: Config, version: string): Promise<Traces> | undefined {
  const { traceEndpoint: endpoint, traceServiceName: serviceName, traceShare: share } = config
  return endpoint === undefined ? undefined : openTraces(pool, { endpoint, serviceName, share, version })
}

const keySource = ({ dataFolder: folder, secretKey: key }: Config) => ({ folder, ...(key ? { key } : {}) })

function databaseConfig(
  { databaseUrl, dataFolder, logSlowMs }: Config,
  { address, join: joins = false, log }: ComposeOptions,
  figures: Figures,
) {
  const tell = (line: string) => log.info({}, line)
  const slow = {
    ms: logSlowMs,
    tell(found: { statement: string; ms: number }) {
      figures.slowStatement()
      log.warn(found, 'A statement was slow')
    },
  }
  return { databaseUrl, dataFolder, join: joins, log: tell, slow, ...(address ? { address } : {}) }
}

// Three heartbeats and more.
const silentAfterMs = 15_000

/** An embedded database has one owner, who works. Of others on a shared server, those count that beat. */
async function isAlone({ pool, embedded, joined }: Database): Promise<boolean> {
  if (embedded) return !joined
  const freshest = Date.now() - silentAfterMs
  const others = await listProcesses(pool)
  return !others.some(({ roles, beatAt }) => roles.includes('worker') && beatAt.getTime() > freshest)
}

/** A link is made anew only by whoever prints it: an older one stays good otherwise. */
async function openDoor(
  { pool }: Database,
  { adminPassword: password }: Config,
  { wantsLink }: ComposeOptions,
): Promise<string | undefined> {
  if (!wantsLink && (await countAdministrators(pool)) > 0) return undefined
  return (await firstAdministrator(pool, password === undefined ? {} : { password })).link
}

interface DemoParts {
  database: Database
  vault: Vault
  options: ComposeOptions
}

async function openDemo({ database, vault, options }: DemoParts): Promise<DemoHosts | undefined> {
  const log = (line: string) => options.log.info({}, line)
  const deps = { db: database.pool, vault, log }
  if (database.joined || options.helps) return joinDemo(deps)
  return inTurn(database.pool, turns.demoMade, () => startDemo(deps, options.demo))
}

interface SeedParts {
  database: Database
  vault: Vault
  engine: RunningEngine
  checkDocument: CheckDocument
  log: Logger
}

/** Seeding takes some seconds; a stop in the middle of it waits for the story being told, not for all. */
function prepareSeeding({ database, vault, engine, checkDocument, log }: SeedParts) {
  const stopping = new AbortController()
  let running = Promise.resolve()
  const seed = async () => {
    await seedDemo({
      db: database.pool,
      vault,
      engine,
      signal: stopping.signal,
      log: (line) => log.info({}, line),
      async check(document) {
        const [problem] = (await checkDocument())(document)
        if (problem) throw new AppError('invalid-document', `${document.key}: ${problem.message}`, problem)
      },
    })
  }
  return {
    start() {
      running = unlessTaken(database.pool, turns.demoSeeded, seed)
      return running
    },
    async stop() {
      stopping.abort()
      await running.catch(() => undefined)
    },
  }
}

/** For the doctor: where the simulated hosts of a demo world are, and whether somebody runs them now. */
export async function lookForDemo(
  { pool }: Database,
  config: Config,
): Promise<{ hosts: number; httpUrl: string; answers: boolean } | undefined> {
  const phase = await readPhase(pool)
  if (phase !== 'made' && phase !== 'seeded') return undefined
  const state = await readHosts({ db: pool, vault: await openVault(pool, keySource(config)) })
  if (!state) return undefined
  const { hosts, httpUrl } = placesOf(state)
  return { hosts: hosts.length, httpUrl, answers: (await joinDemoHosts(state)) !== undefined }
}
