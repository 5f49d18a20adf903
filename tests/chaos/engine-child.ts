// An engine in a process of its own, to be killed. Told what to do by messages; argv = ChildOptions as JSON.
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'
import type { StartRequest } from '../../src/runtime/engine.ts'
import { type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import { openPool, openWriter } from '../../src/store/db.ts'
import { emptyServices } from '../helpers/engine.ts'
import { answerTasks } from './answer-tasks.ts'
import { type KillAt, watchCommits } from './crash-points.ts'
import { typesWithLedger } from './effect-types.ts'

export interface ChildOptions {
  url: string
  ledger: string
  beatMs: number
  deadAfterMs: number
  concurrency?: number
  tags?: string[]
  untagged?: boolean
}

export type Order =
  | { do: 'go'; killAt?: KillAt }
  | { do: 'start'; requests: Omit<StartRequest, 'by'>[] }
  | { do: 'count' }

export type Answer =
  | { is: 'loaded' }
  | { is: 'ready' }
  | { is: 'started'; ids: string[] }
  | { is: 'count'; commits: number }
  | { is: 'failed'; message: string }

const options = JSON.parse(process.argv[2] ?? '') as ChildOptions
const types = await typesWithLedger(options.ledger)
const tell = (answer: Answer): void => {
  process.send?.(answer)
}
const complain = (error: unknown): void => {
  tell({ is: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

const log = {
  info() {},
  warn() {},
  error: (fields: object, message: string) => complain(`${message} ${JSON.stringify(fields)}`),
}
let engine: RunningEngine | undefined
let sendPersonHome: (() => void) | undefined
let commits = watchCommits(undefined)

async function go(killAt: KillAt | undefined): Promise<void> {
  const pool = openPool({ connectionString: options.url, application_name: 'chaos' })
  commits = watchCommits(killAt)
  const started = await startEngine({
    pool: commits.watch(pool),
    writer: commits.watch(openWriter(pool)),
    types,
    services: emptyServices(),
    log,
    ...options,
  })
  engine = started
  sendPersonHome = answerTasks(pool, started)
  tell({ is: 'ready' })
}

/** As a client does: asks again when the answer was that the database is away. */
async function start(request: Omit<StartRequest, 'by'>): Promise<string> {
  for (;;) {
    try {
      const started = await (engine as RunningEngine).start({ ...request, by: { name: 'chaos' } })
      return started.id
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable') throw error
      await pause(20)
    }
  }
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'go') await go(order.killAt)
  else if (order.do === 'count') tell({ is: 'count', commits: commits.count })
  else {
    tell({ is: 'started', ids: await Promise.all(order.requests.map(start)) })
  }
}

process.on('message', (order: Order) => void obey(order).catch(complain))
process.on('unhandledRejection', (error) => {
  complain(error)
  process.exit(70)
})
process.on('SIGTERM', () => {
  sendPersonHome?.()
  void engine?.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      complain(error)
      process.exit(71)
    },
  )
})
process.on('disconnect', () => process.exit(0))
tell({ is: 'loaded' })
