// How a command reaches Fermata: a server by its address, the database of a running process, or all of it in here.
import { getMe } from '../../api/contract/session.ts'
import { type Client, createClient } from '../../client/client.ts'
import { compose, type House } from '../../compose.ts'
import { composeReader } from '../../compose-reader.ts'
import { type Config, readConfig } from '../../config.ts'
import { AppError } from '../../core/errors.ts'
import { urlOf } from '../../server.ts'
import { findHolder } from '../../store/embedded.ts'
import { createLog } from '../create-log.ts'
import { type Io, note } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { fetchInside } from './fetch-inside.ts'

export interface LinkOptions {
  /** Whether effects may run in this process: never, when nobody else would run them, or always. `reads`: nothing is changed. */
  works: 'reads' | 'never' | 'alone' | 'always'
  /** Make the demo world in an empty database, and wait until it is complete. */
  demo?: boolean
  /** Whose rights hold without a server; default `admin`. */
  actAs?: string
}

export interface Link {
  client: Client
  /** Nobody else carries executions on: what must be done is done before this process ends. */
  alone: boolean
  user: string
  /** Where a server answers, if we know one. */
  url: string | undefined
  /** The address of a page that signs a user in, once, where the server answers or will; absent over the network. */
  createLink?(user: string): Promise<string>
  close(): Promise<void>
}

export async function openLink(io: Io, options: LinkOptions): Promise<Link> {
  const { FERMATA_URL: url, FERMATA_TOKEN: token } = io.env
  return url ? linkTo(url.replace(/\/+$/, ''), token) : linkInside(io, options)
}

async function linkTo(url: string, token: string | undefined): Promise<Link> {
  if (!URL.canParse(url)) throw new AppError('config-invalid', `FERMATA_URL is no address: ${url}`)
  const client = createClient({ baseUrl: url, ...(token ? { token } : {}) })
  const { name } = await client.call(getMe)
  return { client, alone: false, user: name, url, close: async () => undefined }
}

async function linkInside(io: Io, { works, demo = false, actAs = 'admin' }: LinkOptions): Promise<Link> {
  const config = readConfig(io.env)
  if (works === 'reads') return linkToRead(io, config, actAs)
  const holder = config.databaseUrl ? undefined : await findHolder(config.dataFolder)
  const house = await compose(config, {
    version: packageVersion(),
    // What went wrong is the command's answer.
    log: createLog({ level: io.env.LOG_LEVEL ? config.logLevel : 'silent', format: config.logFormat }),
    join: true,
    demo: demo && config.demo,
    wantsLink: false,
    actAs,
    roles: (alone) => (works === 'always' || (works === 'alone' && alone) ? ['worker', 'scheduler'] : []),
  })
  const { local } = house
  if (!local) throw new AppError('internal', 'There is nobody to act as')
  try {
    if (demo && house.alone) await seed(io, house)
  } catch (error) {
    await house.close()
    throw error
  }
  return {
    client: createClient({ baseUrl: '', token: local.token, fetch: fetchInside(house.app) }),
    alone: house.alone,
    user: local.name,
    url: holder?.address || undefined,
    async createLink(user) {
      const base = holder?.address || urlOf(config.host, config.port)
      return `${base}/sign-in?link=${await local.createLink(user)}`
    },
    close: house.close,
  }
}

async function linkToRead(io: Io, config: Config, actAs: string): Promise<Link> {
  const log = createLog({ level: io.env.LOG_LEVEL ? config.logLevel : 'silent', format: config.logFormat })
  const { app, local, close } = await composeReader(config, { actAs, log, version: packageVersion() })
  const client = createClient({ baseUrl: '', token: local.token, fetch: fetchInside(app) })
  return { client, alone: false, user: local.name, url: undefined, close }
}

async function seed(io: Io, house: House): Promise<void> {
  const waiting = setTimeout(() => note(io, 'Making the demo world; this takes some seconds once …'), 500)
  try {
    await house.seed()
  } finally {
    clearTimeout(waiting)
  }
}
