// Where to connect, as whom and with what credentials.
import { AppError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { RunContext } from '../../sdk/node-type.ts'
import type { Config } from './config.ts'

export interface Endpoint {
  host: string
  port: number
  user: string
  password?: string
  privateKey?: string
  passphrase?: string
}

/** Throws AppError `bad-request` for what is missing, `not-found` for an unknown connection. */
export async function findEndpoint(ctx: RunContext<Config>): Promise<Endpoint> {
  const { config, record } = ctx
  const connection: JsonObject =
    config.connection === undefined ? {} : await ctx.connection(config.connection)
  const host = firstText(config.host, record?.address, connection.host)
  if (host === undefined) {
    throw new AppError('bad-request', 'No host: set one, or bind records that have an address', {
      pointer: '/host',
    })
  }
  const user = firstText(config.user, connection.user)
  if (user === undefined) {
    throw new AppError('bad-request', 'No user: set one, or choose a connection that has one', {
      pointer: '/user',
    })
  }
  const secrets = {
    ...optional('password', connection.password),
    ...optional('privateKey', connection.privateKey),
    ...optional('passphrase', connection.passphrase),
  }
  if (!('password' in secrets) && !('privateKey' in secrets)) {
    throw new AppError(
      'bad-request',
      'No credentials: choose a connection with a password or a private key',
      {
        pointer: '/connection',
      },
    )
  }
  return { host, port: readPort(config.port ?? connection.port), user, ...secrets }
}

function firstText(...values: (Json | undefined)[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}

function optional<K extends string>(key: K, value: Json | undefined): { [key in K]?: string } {
  return typeof value === 'string' && value !== '' ? ({ [key]: value } as { [key in K]: string }) : {}
}

function readPort(value: Json | undefined): number {
  if (value === undefined || value === null || value === '') return 22
  const port = Number(value)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw new AppError('bad-request', `"${value}" is not a port`, { pointer: '/port' })
}
