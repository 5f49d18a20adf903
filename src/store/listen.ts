// A connection of its own that listens; it comes back by itself when it is lost.
import pg from 'pg'
import type { Pool } from './db.ts'

export interface Listener {
  notify(payload: string): Promise<void>
  close(): Promise<void>
}

const reconnectMs = 1000

export async function createListener(
  pool: Pool,
  channel: string,
  on: {
    /** May be called before `createListener` has returned. */
    onMessage(payload: string): void
    onError(error: Error): void
    /** It hears again: what was said meanwhile is lost. */
    onReturn(): void
  },
): Promise<Listener> {
  let client: pg.Client | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const next = new pg.Client(pool.config)
    next.on('notification', (message) => message.payload && on.onMessage(message.payload))
    next.on('error', (error) => lost(next, error))
    next.on('end', () => lost(next, new Error('connection ended')))
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
      if (closed) throw new Error('closed meanwhile')
      client = next
    } catch (error) {
      await next.end().catch(() => undefined)
      throw error
    }
  }

  function lost(which: pg.Client, error: Error): void {
    if (closed || client !== which) return
    client = undefined
    on.onError(error)
    retry()
  }

  function retry(): void {
    if (closed) return
    timer = setTimeout(() => void connect().then(on.onReturn, retry), reconnectMs)
  }

  await connect().catch(retry)
  return {
    async notify(payload) {
      await pool.run('select pg_notify($1, $2)', [channel, payload], 'notify')
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
