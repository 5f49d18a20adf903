// The OpenAPI description, made from the contract, and a page to read it.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import Type from 'typebox'
import { errorTable } from '../core/errors.ts'
import type { Route } from './contract/route.ts'
import { ProblemAnswer } from './contract/shapes.ts'

const codes = Object.entries(errorTable).map(
  ([code, { status, title }]) => `| <a id="${code}"></a>\`${code}\` | ${status} | ${title} |`,
)
const description = `Every error is \`application/problem+json\` with one of these codes.

| code | status | meaning |
|---|---|---|
${codes.join('\n')}`

/** Before the routes are added. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Fermata', version, description },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'fermata_sid' },
        },
      },
    },
  })
  await app.register(async (scope) => {
    markPublic(scope)
    await scope.register(swaggerUi, { routePrefix: '/api/docs' })
  })
  const hidden: FastifySchema = { hide: true }
  app.get('/api/openapi.json', { schema: hidden, config: { permission: 'public' } }, () => app.swagger())
}

/** Routes that plugins add for their own files are open to anyone. */
export function markPublic(scope: FastifyInstance): void {
  scope.addHook('onRoute', (options) => {
    options.config = { ...options.config, permission: 'public' }
  })
}

const Problem = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: ProblemAnswer } },
}

function answerOf(route: Route): object {
  if (route.media === 'event-stream')
    return { description: 'Server-sent events', content: { 'text/event-stream': { schema: route.answer } } }
  if (route.media === 'text')
    return { description: 'Text', content: { 'text/plain': { schema: Type.String() } } }
  if (route.media === 'csv')
    return { description: 'Table', content: { 'text/csv': { schema: Type.String() } } }
  return { description: 'Done', content: { 'application/json': { schema: route.answer } } }
}

/** The Fastify schema of a route: what is checked, and what the description says. */
export function schemaOf(route: Route, tag: string): FastifySchema {
  return {
    summary: route.summary,
    tags: [tag],
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.permission === 'public' ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    response: { [route.status ?? 200]: answerOf(route), '4xx': Problem },
  }
}
