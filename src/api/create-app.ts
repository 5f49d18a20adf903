// The application with its handlers wired to what the composition root gives.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { callerOfSession, callerOfToken } from '../access/callers.ts'
import type { Caller } from '../access/permissions.ts'
import type { Vault } from '../access/vault/vault.ts'
import type { MetricsAccess } from '../config.ts'
import type { Engine } from '../runtime/engine.ts'
import type { Db } from '../store/db.ts'
import { buildApp } from './app.ts'
import { askTogether } from './ask-together.ts'
import type { Authenticator } from './authenticate.ts'
import type { CheckDocument } from './documents.ts'
import type { BoundRoute } from './handler.ts'
import { associationRoutes } from './routes/associations.ts'
import { batchRoutes } from './routes/batches.ts'
import { collectionRoutes } from './routes/collections.ts'
import { type DemoControl, demoRoutes } from './routes/demo.ts'
import { executionListRoutes } from './routes/execution-lists.ts'
import { executionRoutes } from './routes/executions.ts'
import { healthRoutes } from './routes/health.ts'
import { knownHostRoutes } from './routes/known-hosts.ts'
import { liveRoutes } from './routes/live.ts'
import { nodeRunRoutes } from './routes/node-runs.ts'
import { nodeTypeRoutes } from './routes/node-types.ts'
import { previewRoutes } from './routes/previews.ts'
import { recordRoutes } from './routes/records.ts'
import { reportRoutes } from './routes/reports.ts'
import { runListRoutes } from './routes/run-list.ts'
import { savedViewRoutes } from './routes/saved-views.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { secretRoutes } from './routes/secrets.ts'
import { sessionRoutes } from './routes/session.ts'
import { systemRoutes } from './routes/system.ts'
import { taskRoutes } from './routes/tasks.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { userRoutes } from './routes/users.ts'
import { workflowRoutes } from './routes/workflows.ts'
import { createSharedReads, type SharedReads } from './shared-reads.ts'

export interface AppDeps {
  db: Db
  engine: Engine
  /** Without it no secret can be set. */
  vault?: Vault | undefined
  demo?: DemoControl | undefined
  checkDocument: CheckDocument
  /** README text by node type. */
  help: ReadonlyMap<string, string>
  /** Folder of the built console. */
  consoleRoot: string
  /** No routes but those that tell how the process is. */
  healthOnly?: boolean
  version: string
  log?: FastifyBaseLogger
  /** Who may read /metrics; default: this machine. */
  metricsAccess?: MetricsAccess
  /** Whom a token means that is not in the database: the command line inside this process. */
  localToken?: (token: string) => Promise<Caller | undefined>
  /** How often live streams show that they are alive, and look for what hints missed. */
  live?: { beatMs: number; pollMs: number }
}

/** Ready to listen or inject. Throws when a route lacks a permission or a handler. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { db, consoleRoot, healthOnly = false, version, log, metricsAccess } = deps
  // A program that starts many executions sends one token with all its requests.
  const callerByToken = askTogether((token: string) => callerOfToken(db, token))
  const authenticator: Authenticator = {
    bySession: (sid) => callerOfSession(db, sid),
    byToken: async (token) => (await deps.localToken?.(token)) ?? callerByToken(token),
  }
  const closing = new AbortController()
  const reads = createSharedReads(db)
  const app = await buildApp({
    reads,
    authenticator,
    bound: healthOnly
      ? healthRoutes(deps)
      : bindAll({ ...deps, reads, authenticator, closing: closing.signal }),
    ...(healthOnly ? {} : { consoleRoot }),
    version,
    figures: deps.engine.figures,
    ...(log ? { log } : {}),
    ...(metricsAccess ? { metricsAccess } : {}),
  })
  // Live streams end first: they would keep the server open.
  app.addHook('preClose', async () => closing.abort())
  return app
}

interface Bound extends AppDeps {
  reads: SharedReads
  authenticator: Authenticator
  closing: AbortSignal
}

function bindAll(deps: Bound): BoundRoute[] {
  return [
    ...sessionRoutes(deps),
    ...workflowRoutes(deps),
    ...runListRoutes(deps),
    ...nodeTypeRoutes(deps),
    ...collectionRoutes(deps),
    ...recordRoutes(deps),
    ...previewRoutes(deps),
    ...executionRoutes(deps),
    ...executionListRoutes(deps),
    ...associationRoutes(deps),
    ...nodeRunRoutes(deps),
    ...liveRoutes(deps),
    ...savedViewRoutes(deps),
    ...taskRoutes(deps),
    ...scheduleRoutes(deps),
    ...reportRoutes(deps),
    ...batchRoutes(deps),
    ...userRoutes(deps),
    ...tokenRoutes(deps),
    ...systemRoutes(deps),
    ...secretRoutes(deps),
    ...knownHostRoutes(deps),
    ...demoRoutes(deps),
    ...healthRoutes(deps),
  ]
}
