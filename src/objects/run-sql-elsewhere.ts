// One statement on a database of somebody else, by a stored connection. What it may do there is decided by
// the user of the connection; here it is one statement, by default read-only, with the same limits.
import type { Socket } from 'node:net'
import pg from 'pg'
import { AppError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { SqlAnswer, SqlText } from '../sdk/node-type.ts'
import { beginText, type RunSqlOptions, runInTransaction } from './run-sql.ts'

/** `ctx.connect`: a TCP connection behind the outbound guard. */
export type Connect = (host: string, port: number) => Promise<Socket>

export interface Elsewhere {
  connect: Connect
  /** `{ host, port = 5432, database, user, password, ssl = true }`; `ssl: false` for plain text. */
  settings: JsonObject
}

/**
 * As `runSql`, on the PostgreSQL of a connection.
 * @throws AppError `sql-failed` for anything the connection or its server refuses, `outbound-refused` by the guard.
 */
export async function runSqlElsewhere(
  { connect, settings }: Elsewhere,
  statement: SqlText,
  options: RunSqlOptions = {},
): Promise<SqlAnswer> {
  const host = text(settings, 'host')
  const port = Number(settings.port ?? 5432)
  const login = { database: text(settings, 'database'), user: text(settings, 'user') }
  const socket = await connect(host, port)
  socket.on('error', () => undefined)
  const client = new pg.Client({
    ...{ host, port, ...login },
    password: String(settings.password ?? ''),
    ssl: settings.ssl === false ? false : { servername: host },
    connectionTimeoutMillis: 30_000,
    stream: () => alreadyConnected(socket),
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(beginText(options))
    return await runInTransaction(client, statement, options)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('sql-failed', `${host}: ${describe(error)}`, { cause: error })
  } finally {
    socket.destroy()
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function text(settings: JsonObject, key: string): string {
  const value = settings[key]
  if (typeof value === 'string' && value !== '') return value
  throw new AppError('sql-failed', `The connection has no ${key}`)
}

/** `pg` opens its socket itself; this one is open, so the opening does nothing but say so. */
function alreadyConnected(socket: Socket): Socket {
  socket.connect = () => {
    queueMicrotask(() => socket.emit('connect'))
    return socket
  }
  return socket
}
