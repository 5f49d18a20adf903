// Load balancer, monitor, mail sink and tickets of the demo world behind one HTTP port on loopback.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { answer, type HttpReply } from './http-routes.ts'
import { listen } from './listen.ts'
import type { World } from './world.ts'

export interface HttpHostOptions {
  world: World
  /** 0 chooses a free port; a taken one is replaced by a free one. */
  port: number
  pace: number
  /** Called after each request that may have changed the world. */
  onChange: () => void
}

const maxBytes = 256 * 1024

async function readBody(request: IncomingMessage): Promise<JsonObject | undefined> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > maxBytes) return undefined
  }
  if (body.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function replyTo(options: HttpHostOptions, request: IncomingMessage): Promise<HttpReply> {
  const url = new URL(request.url ?? '/', 'http://demo')
  const body = await readBody(request)
  if (!body) return { status: 400, body: { error: 'the body must be a JSON object' } }
  if (options.pace > 0) await pause(80 * options.pace)
  const method = request.method ?? 'GET'
  const path = decodeURIComponent(url.pathname)
  const reply = answer(options.world, { method, path, query: url.searchParams, body })
  if (method !== 'GET') options.onChange()
  return reply
}

async function handle(options: HttpHostOptions, request: IncomingMessage, response: ServerResponse) {
  const reply = await replyTo(options, request).catch(() => ({ status: 400, body: { error: 'bad request' } }))
  response.writeHead(reply.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(reply.body))
}

export async function startHttpHost(
  options: HttpHostOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => void handle(options, request, response))
  const port = await listen(server, options.port)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { port, close }
}
