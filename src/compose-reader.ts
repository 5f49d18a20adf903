// For commands that only look: the application over the database, without an engine, hosts or anything that works.
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { firstAdministrator } from './access/first-administrator.ts'
import { createApp } from './api/create-app.ts'
import { checkDocuments } from './check-documents.ts'
import type { Config } from './config.ts'
import { AppError } from './core/errors.ts'
import { type LocalCaller, localCaller } from './local-caller.ts'
import type { Engine } from './runtime/engine.ts'
import { createFigures } from './runtime/metrics/figures.ts'
import { loadNodeTypes } from './runtime/registry.ts'
import { openDatabase } from './store/open-database.ts'
import { waitForOthers } from './store/wait-for-others.ts'

/** What others on an embedded database of ours need to see the end of what they watch. */
const othersMs = 5000

export interface Reader {
  app: FastifyInstance
  local: LocalCaller
  close(): Promise<void>
}

/** On a database of others nothing is migrated: a newer command must not change what older servers work on. */
export async function composeReader(
  { databaseUrl, dataFolder, plugins }: Config,
  { actAs, version, log }: { actAs: string; version: string; log: Logger },
): Promise<Reader> {
  const migrate = databaseUrl === undefined
  const database = await openDatabase({ databaseUrl, dataFolder, join: true, migrate })
  try {
    const { pool: db } = database
    const isOurs = database.embedded !== undefined && !database.joined
    if (isOurs) await firstAdministrator(db)
    const local = await localCaller(db, actAs)
    const types = await loadNodeTypes(plugins)
    const engine = idleEngine(types)
    const parts = { db, engine, checkDocument: checkDocuments(db, types), help: new Map(), consoleRoot: '' }
    const app = await createApp({ ...parts, version, log, localToken: local.byToken })
    return {
      app,
      local,
      async close() {
        await app.close()
        if (isOurs) await waitForOthers(db, othersMs)
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

function idleEngine(nodeTypes: Engine['nodeTypes']): Engine {
  const refuse = () => Promise.reject(new AppError('unavailable', 'This process only reads'))
  return {
    nodeTypes,
    process: '',
    figures: createFigures(),
    start: refuse,
    act: refuse,
    confirm: refuse,
    answerTask: refuse,
    waitForEnd: refuse,
    onChange: () => () => undefined,
    onLook: () => () => undefined,
    stop: async () => undefined,
  }
}
