// The one client for whatever is reached by HTTP, ours included: kept-alive connections, as many as there are calls.
import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'

export interface HttpClient {
  /** The answer's JSON. Throws on any status but 2xx. */
  post<T>(path: string, body: unknown): Promise<T>
  send<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Reply<T>>
  close(): Promise<void>
}

export interface Reply<T> {
  value: T
  cookies: string[]
}

export function openClient(origin: string, headers: Record<string, string> = {}): HttpClient {
  const pool = new Pool(origin, { connections: 256, pipelining: 1 })
  const send: HttpClient['send'] = async <T>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
  ) => {
    const answer = await pool.request({
      method,
      path,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`)
    }
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    return { value: JSON.parse(text || 'null') as T, cookies }
  }
  return {
    send,
    post: async <T>(path: string, body: unknown) => (await send<T>('POST', path, body)).value,
    close: () => pool.close(),
  }
}

/** Tries until it works; gives up when the server has ended or takes too long. */
export async function waitUntil<T>(attempt: () => Promise<T>, server: ChildProcess): Promise<T> {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
      if (server.exitCode !== null)
        throw new Error(`The server ended with ${server.exitCode}`, { cause: error })
      await pause(200)
    }
  }
}
