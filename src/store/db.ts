// The one door to PostgreSQL. Pools are small: batches, not connections, carry the load.
import pg from 'pg'

/** Anything statements can be run on: the pool, or one transaction. */
export interface Db {
  /** Rows of one statement. A `name` makes it a prepared statement on each connection. */
  query<R extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<R[]>
  /** Number of rows the statement changed. */
  run(text: string, values?: readonly unknown[], name?: string): Promise<number>
  /** Runs `work` inside one transaction; rolled back when it throws. Inside a transaction: a savepoint-free join. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
}

/** Told of statements that take long. */
export interface SlowWatch {
  ms: number
  /** `statement`: its name, or its text without what it holds in quotes. */
  tell(slow: { statement: string; ms: number }): void
}

export interface Pool extends Db {
  readonly slow?: SlowWatch
  /** The connection settings, for tools that need a connection of their own (LISTEN). */
  readonly config: pg.PoolConfig
  /** Connections at the moment, and statements that wait for one. */
  use(): { open: number; idle: number; waiting: number }
  close(): Promise<void>
}

// bigint stays text (ids), json stays text where the caller parses it lazily is not worth a second path: parse here.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => text)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, (text) => Number(text))

type Queryable = Pick<pg.ClientBase, 'query'>

interface Statement {
  text: string
  values: readonly unknown[] | undefined
  name: string | undefined
}

/**
 * By a callback: the promises of the driver hang together in a way that a statement, with all its values, survives
 * young collections once the one before it has (see `runtime/turnover.ts`).
 */
function ask(target: Queryable, config: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    target.query(config, (error, result) => (error ? reject(error) : resolve(result)))
  })
}

/** Runs one statement and tells when it was slow. */
export async function runOn({ target, slow }: Door, { text, values, name }: Statement) {
  const begun = slow ? performance.now() : 0
  const result = await ask(target, { text, values: values as unknown[], ...(name ? { name } : {}) })
  if (slow) {
    const ms = performance.now() - begun
    if (ms > slow.ms) slow.tell({ statement: name ?? nameless(text), ms: Math.round(ms) })
  }
  return result
}

/** Texts of SQL nodes may hold data of their own. */
function nameless(text: string): string {
  return text
    .replace(/'(?:[^']|'')*'/g, "'…'")
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}

interface Door {
  target: Queryable
  slow: SlowWatch | undefined
}

function dbOn(door: Door, transaction: Db['transaction']): Db {
  return {
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      return (await runOn(door, { text, values, name })).rows as R[]
    },
    async run(text, values, name) {
      return (await runOn(door, { text, values, name })).rowCount ?? 0
    },
    transaction,
  }
}

interface Opened {
  pool: pg.Pool
  slow: SlowWatch | undefined
}

/** One connection of its own; whoever opened it minds its transactions. */
export function dbOf(client: pg.Client): Db {
  const db: Db = dbOn({ target: client, slow: undefined }, (work) => work(db))
  return db
}

const atCommit = new WeakSet<object>()

function failedAtCommit(error: Error): never {
  atCommit.add(error)
  throw error
}

/** A transaction failed with this while it was committed: when the connection broke, it may be kept all the same. */
export function failedWhileCommitting(error: unknown): boolean {
  return typeof error === 'object' && error !== null && atCommit.has(error)
}

async function inTransaction<T>({ pool, slow }: Opened, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const db: Db = dbOn({ target: client, slow }, (inner) => inner(db))
    const result = await work(db)
    await client.query('commit').catch(failedAtCommit)
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** A server that went away without a word is noticed while nothing is under way. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/** Connections of the driver itself, for whoever holds one longer than a statement. */
export function openPgPool(settings: pg.PoolConfig, onIdleError?: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ max: 8, connectionTimeoutMillis: 5000, ...keepAlive, ...settings })
  pool.on('error', (error) => onIdleError?.(error))
  // A connection may also be lost while it is taken and no statement runs on it: its next statement fails then.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Opens a pool; nothing connects before the first statement. `config` as for the `pg` package. */
export function openPool(
  config: pg.PoolConfig & { onIdleError?: (error: Error) => void; slow?: SlowWatch },
): Pool {
  const { onIdleError, slow, ...settings } = config
  const pool = openPgPool(settings, onIdleError)
  const db = dbOn({ target: pool, slow }, (work) => inTransaction({ pool, slow }, work))
  const use = () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount })
  return { ...db, ...(slow ? { slow } : {}), config: settings, use, close: () => pool.end() }
}

/** The SQLSTATE of an error that came from PostgreSQL. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
