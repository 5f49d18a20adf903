// The connection of the saves: a statement is sent before those ahead of it are answered, so that PostgreSQL goes from
// one to the next while our thread computes, and two commits never wait for one another's lock on the log.
import pg from 'pg'
import { openPgPool, type Pool, runOn } from './db.ts'

export interface Writer {
  /** As of a pool. Statements run one after the other in this order, each in a transaction of its own. */
  query: Pool['query']
  use: Pool['use']
  close(): Promise<void>
}

/**
 * The plan of a save does not depend on the values, and planning it anew for each flush cost more than executing it. It
 * may be made while a table is empty and must do when it is large: every row is found by its key.
 */
const options = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off'

/** Taken from the pool while statements are under way on it. */
interface Line {
  client: Promise<pg.PoolClient>
  under: number
  broken?: Error
}

/** Opens nothing before the first statement. `pool` gives the settings of the connection. */
export function openWriter({ config, slow }: Pool): Writer {
  const pool = openPgPool({ ...config, max: 1, options, pipeline: true })
  let line: Line | undefined

  async function leave(left: Line): Promise<void> {
    if (--left.under > 0) return
    if (line === left) line = undefined
    const client = await left.client.catch(() => undefined)
    client?.release(left.broken)
  }

  /** What is sent after this goes by a new connection, once all on this one have failed or were answered. */
  function abandon(lost: Line, error: Error): void {
    lost.broken = error
    if (line === lost) line = undefined
  }

  return {
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      line ??= { client: pool.connect(), under: 0 }
      const mine = line
      mine.under++
      try {
        return (await runOn({ target: await mine.client, slow }, { text, values, name })).rows as R[]
      } catch (error) {
        if (isLost(error)) abandon(mine, error as Error)
        throw error
      } finally {
        await leave(mine)
      }
    },
    use: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}

/** The server has other prepared statements than the driver believes: the one that was to prepare this one failed. */
const disagreement = /^(26000|42P05)$/

/** Anything but the refusal of one statement by a server that goes on with the next. */
function isLost(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true
  return error.severity !== 'ERROR' || disagreement.test(error.code ?? '')
}
