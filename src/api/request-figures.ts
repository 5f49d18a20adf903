// Counts answers by the pattern of their route: what callers invent after it is no label.
import type { FastifyInstance } from 'fastify'
import type { Figures } from '../runtime/metrics/figures.ts'

export function addRequestFigures(app: FastifyInstance, figures: Pick<Figures, 'answered'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const isStream = String(reply.getHeader('content-type')).startsWith('text/event-stream')
    if (isStream) return
    const route = routeOptions.url ?? 'none'
    figures.answered({ method, route, status: reply.statusCode, ms: reply.elapsedTime })
  })
}
