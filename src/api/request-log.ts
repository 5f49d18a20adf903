// A line per answer, with the id of the request and of what it was about. Addresses are logged by their pattern: what
// callers put into them (links that sign in, search texts) stays out of the log.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'

const header = 'x-request-id'

/** The caller's own id, if it is one, so that lines of several systems can be put together. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers[header]
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}

export function addRequestLog(app: FastifyInstance<RawServerDefault>): void {
  app.addHook('onRequest', async (request, reply) => void reply.header(header, request.id))
  app.addHook('onResponse', async (request, reply) => {
    const { log } = request
    const { statusCode: status, elapsedTime } = reply
    log.info({ ...about(request), status, ms: Math.round(elapsedTime) }, 'Request answered')
  })
}

/** What a request was about, in the words of the log. */
export function about(request: FastifyRequest): object {
  const { method, caller, routeOptions } = request
  const route = routeOptions.url ?? 'none'
  const { id, run, key } = (request.params ?? {}) as Record<string, string | undefined>
  return {
    method,
    route,
    ...(caller ? { user: caller.name } : {}),
    ...(id !== undefined && route.startsWith('/api/v1/executions/') ? { execution: id } : {}),
    ...(run === undefined ? {} : { run }),
    ...(key !== undefined && route.startsWith('/api/v1/workflows/') ? { workflow: key } : {}),
  }
}
