// The HTTP application: the contract's routes behind one way in. Nothing is served that declares no permission.
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RouteOptions,
} from 'fastify'
import type { MetricsAccess } from '../config.ts'
import { AppError } from '../core/errors.ts'
import type { Figures } from '../runtime/metrics/figures.ts'
import { type Authenticator, addAuthentication } from './authenticate.ts'
import { checkObject } from './authorize.ts'
import { addConsole } from './console.ts'
import { routes as contract } from './contract/routes.ts'
import type { BoundRoute } from './handler.ts'
import { addOpenApi, schemaOf } from './openapi.ts'
import { handleError, sendProblem } from './problem.ts'
import { addBodyParsers, bodyLimit } from './read-body.ts'
import { addRequestFigures } from './request-figures.ts'
import { addRequestLog, requestId } from './request-log.ts'
import type { SharedReads } from './shared-reads.ts'
import { validatorCompiler } from './validator.ts'

export interface AppOptions {
  reads: SharedReads
  authenticator: Authenticator
  /** Handlers of every route of the contract; without a console, of those that are to be served. */
  bound: readonly BoundRoute[]
  /** Folder of the built console. */
  consoleRoot?: string
  version: string
  log?: FastifyBaseLogger
  /** Counts what is answered. */
  figures?: Figures
  /** Who may read /metrics; default: this machine. */
  metricsAccess?: MetricsAccess
}

/** Builds the application; it does not listen yet. Throws when a route lacks a permission or a handler. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit,
    requestTimeout: 30_000,
    // HEAD would do what GET does, and following a link has an effect.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 1200 },
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    ...(options.log ? { loggerInstance: options.log } : {}),
  }) as unknown as FastifyInstance
  app.setErrorHandler(handleError)
  addRequestLog(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)
  addBodyParsers(app)
  requirePermissions(app)
  await addHeaders(app)
  await app.register(cookie)
  addAuthentication(app, options.authenticator, options.metricsAccess)
  if (options.figures) addRequestFigures(app, options.figures)
  app.addHook('preHandler', async (request) => {
    const rule = request.routeOptions.config.object
    if (rule) await checkObject(options.reads, rule, request)
  })
  const { consoleRoot } = options
  if (consoleRoot !== undefined) await addOpenApi(app, options.version)
  for (const bound of options.bound) addRoute(app, bound)
  if (consoleRoot !== undefined) {
    requireHandlers(options.bound)
    await addConsole(app, consoleRoot)
  } else
    app.setNotFoundHandler((_request, reply) =>
      sendProblem(reply, new AppError('not-found', 'A worker tells how it is, and nothing else')),
    )
  return app
}

/** A route without a declared permission stops the boot. */
function requirePermissions(app: FastifyInstance): void {
  const seen: RouteOptions[] = []
  app.addHook('onRoute', (route) => void seen.push(route))
  app.addHook('onReady', async () => {
    const open = seen.filter((route) => route.config?.permission === undefined)
    if (open.length > 0)
      throw new Error(
        `Routes without a permission: ${open.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
      )
  })
}

function requireHandlers(bound: readonly BoundRoute[]): void {
  const handled = new Set(bound.map(({ route }) => route))
  const missing = contract.filter(({ route }) => !handled.has(route))
  if (missing.length > 0)
    throw new Error(
      `Routes without a handler: ${missing.map(({ resource, name }) => `${resource}.${name}`).join(', ')}`,
    )
}

async function addHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    hsts: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // antd writes its style sheets at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  })
}

function addRoute(app: FastifyInstance, { route, handle }: BoundRoute): void {
  const tag = contract.find((entry) => entry.route === route)?.resource ?? 'other'
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route, tag),
    config: { permission: route.permission, ...(route.object ? { object: route.object } : {}) },
    handler: async (request, reply) => {
      reply.status(route.status ?? 200).header('cache-control', 'no-store')
      return handle(request, reply)
    },
  })
}
