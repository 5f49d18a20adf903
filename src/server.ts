// The server: everything composed, listening, with the demo world made in the background.
import { createServer } from 'node:net'
import type { Logger } from 'pino'
import { compose, type House } from './compose.ts'
import type { Config } from './config.ts'
import { AppError } from './core/errors.ts'
import { describeHolder, findHolder } from './store/embedded.ts'

export interface ServerOptions {
  /** Of the package. */
  version: string
  log: Logger
  /** Leaves an empty database empty. */
  empty?: boolean
  /** Works on the database of others, never on one of its own. */
  joins?: boolean
}

export interface RunningServer {
  /** Where it answers; undefined without the role `api`. */
  url: string | undefined
  /** Signs the first administrator in, once; until somebody sets a password. */
  link: string | undefined
  /** Where the data are: a folder, or the server of `DATABASE_URL` without its password. */
  data: string
  /** PostgreSQL's own. */
  databaseVersion: string
  demo: boolean
  /** Resolves when the demo world is complete. */
  seeded: Promise<void>
  /** Stops taking work, finishes or releases what runs, closes the database; at most 25 s. */
  close(): Promise<void>
}

/**
 * Starts the server. Throws AppError `in-use` when the port or the data folder is taken, `config-invalid` for
 * anything wrong with the surroundings.
 */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { log, version, empty = false, joins = false } = options
  const answers = config.roles.includes('api')
  if (joins) await requireOthers(config)
  else await refuseTakenFolder(config)
  const helps = joins || (!answers && config.databaseUrl !== undefined)
  if (answers) await refuseTakenPort(config, log)
  const address = answers && config.port !== 0 ? { address: urlOf(config.host, config.port) } : {}
  const demo = config.demo && !empty && !helps
  const parts = { version, log, demo, helps, join: joins, wantsLink: answers, healthOnly: !answers }
  const house = await compose(config, { ...parts, ...address })
  try {
    const url = answers ? await listen(house, config) : undefined
    if (!answers && config.healthPort !== undefined)
      await listen(house, { ...config, port: config.healthPort })
    const seeded = (helps ? Promise.resolve() : house.seed()).catch((error: unknown) => {
      log.error({ err: error }, 'The demo world could not be completed; the next start tries again')
    })
    return {
      url,
      link: url && house.link ? `${url}/sign-in?link=${house.link}` : undefined,
      data: placeOf(house, config),
      databaseVersion: house.database.version,
      demo: house.demo !== undefined,
      seeded,
      close: house.close,
    }
  } catch (error) {
    await house.close()
    throw error
  }
}

/** A worker without anybody to work for would wait for ever on a database of its own. */
async function requireOthers({ databaseUrl, dataFolder }: Config): Promise<void> {
  if (databaseUrl !== undefined || (await findHolder(dataFolder))) return
  const detail =
    'A worker shares the database of a server: set DATABASE_URL, or FERMATA_DATA to the folder of one that runs on this machine.'
  throw new AppError('config-invalid', detail, { pointer: '/DATABASE_URL' })
}

async function listen(house: House, { host, port }: Config): Promise<string> {
  try {
    await house.app.listen({ host, port })
  } catch (error) {
    throw portError(error, { host, port })
  }
  const at = house.app.server.address()
  return urlOf(host, typeof at === 'object' && at ? at.port : port)
}

/** Asked first: with the same settings the port is taken too, and this message tells more. */
async function refuseTakenFolder({ databaseUrl, dataFolder }: Config): Promise<void> {
  const holder = databaseUrl ? undefined : await findHolder(dataFolder)
  if (holder) throw new AppError('in-use', describeHolder(dataFolder, holder))
}

/** Known before anything is started. */
async function refuseTakenPort({ host, port }: Config, log: Logger): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject)
      probe.listen({ host, port }, resolve)
    })
  } catch (error) {
    log.debug({ err: error }, 'The port is taken')
    throw portError(error, { host, port })
  } finally {
    await new Promise((resolve) => probe.close(resolve))
  }
}

function portError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') {
    const detail = `Port ${port} is used by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`
    return new AppError('in-use', detail, { cause: error })
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const detail = `Fermata cannot listen at ${host}:${port} (${code}). Check HOST and PORT.`
    return new AppError('config-invalid', detail, { cause: error })
  }
  return error
}

/** Every address of this machine is also 127.0.0.1, which browsers open. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function placeOf({ database: { embedded } }: House, { databaseUrl }: Config): string {
  if (embedded) return embedded.dataDir
  const { host, pathname } = new URL(databaseUrl ?? 'postgres://unknown')
  return `${host}${pathname}`
}
