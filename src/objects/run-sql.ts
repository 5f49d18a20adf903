// One statement of a `sql` node, on a connection of its own that is thrown away afterwards: whatever the
// statement did to its session ends with it. It runs as the role `fermata_sql` (migration 0004), which sees
// the schema `data` only. Where that role is missing nothing runs: there is no second, weaker way.
import pg from 'pg'
import { AppError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { SqlAnswer, SqlText } from '../sdk/node-type.ts'
import type { Pool } from '../store/db.ts'
import { checkStatement } from './sql-guard.ts'
import { parserFor } from './sql-values.ts'

export interface RunSqlOptions {
  /** Default true: the statement can change nothing. */
  readOnly?: boolean
  /** Rows kept of the answer, default 1,000; `truncated` says when there were more. */
  maxRows?: number
  /** Default 30,000. */
  timeoutMs?: number
  signal?: AbortSignal
}

const maxBytes = 16 * 1024 * 1024
const connectionsPerPool = 4
const pools = new WeakMap<Pool, pg.Pool>()

/**
 * Runs one parameterised statement in a transaction of its own against the schema `data`.
 * @throws AppError `sql-failed`, its cause the error of PostgreSQL with `code` and `position`; `unavailable`
 * when the database lacks the role.
 * @example await runSql(pool, { text: 'select name from host where id = $1', values: ['h1'] })
 */
export async function runSql(
  pool: Pool,
  statement: SqlText,
  options: RunSqlOptions = {},
): Promise<SqlAnswer> {
  checkStatement(statement.text)
  const client = await ownPool(pool).connect()
  // A connection that is closed on purpose says so twice: to its query, and here.
  client.on('error', () => undefined)
  try {
    await prepareSession(client, options)
    return await runInTransaction(client, statement, options)
  } finally {
    if (socketOf(client).destroyed) await cancel(pool, client)
    client.release(true)
  }
}

/** The server does not notice that nobody listens before it has something to say. */
async function cancel(pool: Pool, client: pg.ClientBase): Promise<void> {
  const { processID } = client as unknown as { processID: number }
  await pool.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined)
}

function ownPool(pool: Pool): pg.Pool {
  const known = pools.get(pool)
  if (known) return known
  const own = new pg.Pool({ ...pool.config, max: connectionsPerPool, connectionTimeoutMillis: 30_000 })
  own.on('error', () => undefined)
  pools.set(pool, own)
  return own
}

async function prepareSession(client: pg.ClientBase, options: RunSqlOptions): Promise<void> {
  try {
    await client.query(`${beginText(options)}; set local role fermata_sql; set local search_path = data`)
  } catch (error) {
    throw new AppError('unavailable', missingRole, { cause: error })
  }
}

const missingRole =
  'The database has no role "fermata_sql" that this system may take, so statements of workflows cannot run. ' +
  'Let an administrator of the database run: create role fermata_sql; grant fermata_sql to <user of Fermata>; ' +
  'grant usage on schema data to fermata_sql; grant select, insert, update, delete on all tables in schema data to fermata_sql'

/** Opens the transaction; also used for databases of connections. */
export function beginText({ readOnly = true, timeoutMs = 30_000 }: RunSqlOptions): string {
  const timeout = Math.max(1, Math.round(timeoutMs))
  return `begin ${readOnly ? 'read only' : 'read write'}; set local statement_timeout = ${timeout}; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`
}

/** Runs the statement in the open transaction of a connection that nobody else uses, and commits. */
export async function runInTransaction(
  client: pg.ClientBase,
  statement: SqlText,
  options: RunSqlOptions,
): Promise<SqlAnswer> {
  const { signal } = options
  const stop = () => destroy(client)
  signal?.addEventListener('abort', stop)
  try {
    signal?.throwIfAborted()
    const answer = await stream(client, statement, options)
    if (!answer.cut) await client.query('commit')
    return answer.answer
  } catch (error) {
    if (signal?.aborted) throw new AppError('sql-failed', 'The statement was stopped')
    throw error instanceof AppError ? error : sqlFailed(error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

interface Streamed {
  answer: SqlAnswer
  /** The connection was closed before the last row: enough had been read. */
  cut: boolean
}

function stream(client: pg.ClientBase, statement: SqlText, options: RunSqlOptions): Promise<Streamed> {
  const { readOnly = true, maxRows = 1000 } = options
  const rows: JsonObject[] = []
  let truncated = false
  const query = new pg.Query<JsonObject>(queryConfig(statement))
  return new Promise((resolve, reject) => {
    const end = (rowCount: number, cut: boolean) =>
      resolve({ cut, answer: { rows, rowCount, ...(truncated ? { truncated } : {}) } })
    limitBytes(client, reject)
    query.on('row', (row: JsonObject) => {
      if (rows.length < maxRows) return void rows.push(row)
      truncated = true
      // Nothing to commit: there is no need to read on.
      if (!readOnly) return
      end(rows.length, true)
      destroy(client)
    })
    query.on('end', (result: pg.ResultBuilder) => end(result.rowCount ?? rows.length, false))
    query.on('error', reject)
    client.query(query)
  })
}

function queryConfig(statement: SqlText) {
  return {
    text: statement.text,
    values: statement.values,
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
    // Also without parameters: the extended protocol takes one statement only.
    queryMode: 'extended',
  }
}

/** A row may be larger than the memory of this process: count what comes in, not what has been parsed. */
function limitBytes(client: pg.ClientBase, reject: (error: AppError) => void): void {
  const socket = socketOf(client)
  const before = socket.bytesRead
  socket.on('data', () => {
    if (socket.bytesRead - before <= maxBytes) return
    reject(new AppError('sql-failed', 'The answer of the statement is larger than 16 MiB'))
    destroy(client)
  })
}

function socketOf(client: pg.ClientBase): import('node:net').Socket {
  return (client as unknown as { connection: { stream: import('node:net').Socket } }).connection.stream
}

function destroy(client: pg.ClientBase): void {
  socketOf(client).destroy()
}

function sqlFailed(error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error)
  return new AppError('sql-failed', message, { cause: error })
}
