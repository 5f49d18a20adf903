// A connection of its own that listens; it comes back by itself when it is lost.
import pg from 'pg'
import type { Pool } from './db.ts'

export interface Listener {
  notify(payload: string): Promise<void>
  /** Whether another process is there that could hear a hint; looked up now and then. */
  hasCompany(): boolean
  /** Looks who is there, and says something whoever is. */
  greet(payload: string): Promise<void>
  close(): Promise<void>
}

const reconnectMs = 1000
const companyMs = 2000

export async function createListener(
  pool: Pool,
  channel: string,
  on: {
    /** May be called before `createListener` has returned. `meet`: it came from another process. */
    onMessage(payload: string, meet: () => void): void
    onError(error: Error): void
  },
): Promise<Listener> {
  let client: pg.Client | undefined
  let closed = false
  let company = false
  let timer: NodeJS.Timeout | undefined

  function meet(): void {
    company = true
  }

  async function connect(): Promise<void> {
    const next = new pg.Client(pool.config)
    next.on('notification', (message) => message.payload && on.onMessage(message.payload, meet))
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
    timer = setTimeout(() => void connect().catch(retry), reconnectMs)
  }

  async function lookForCompany(): Promise<void> {
    const rows = await pool.query<{ n: string }>('select count(*) as n from fermata.processes', [], 'company')
    company = Number(rows[0]?.n) > 1
  }

  async function notify(payload: string): Promise<void> {
    await pool.run('select pg_notify($1, $2)', [channel, payload], 'notify')
  }

  await connect().catch(retry)
  const watch = setInterval(() => void lookForCompany().catch(() => undefined), companyMs)
  return {
    hasCompany: () => company,
    async greet(payload) {
      await lookForCompany()
      await notify(payload)
    },
    notify,
    async close() {
      closed = true
      clearTimeout(timer)
      clearInterval(watch)
      await client?.end().catch(() => undefined)
    },
  }
}
