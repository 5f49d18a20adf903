// An engine in a process of its own, to be killed. Told what to do by messages; argv = ChildOptions as JSON.
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'
import { releaseLocks, takeChildLocks } from '../../src/objects/locks.ts'
import type { Act, StartRequest } from '../../src/runtime/engine.ts'
import type { Limits } from '../../src/runtime/limits.ts'
import type { Services } from '../../src/runtime/services.ts'
import { type RunningEngine, startEngine } from '../../src/runtime/start-engine.ts'
import { openPool, openWriter, type Pool } from '../../src/store/db.ts'
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
  limits?: Partial<Limits>
  /** Whether somebody answers all tasks; default true. */
  person?: boolean
}

/** Something a person does; without `act` the answer to a task. */
export type ChildAct = { id: string; act: Act } | { task: string; output: Json }

export type Order =
  | { do: 'go'; killAt?: KillAt }
  | { do: 'start'; requests: Omit<StartRequest, 'by'>[] }
  | { do: 'act'; acts: readonly ChildAct[] }
  | { do: 'count' }

export type Answer =
  | { is: 'loaded' }
  | { is: 'ready' }
  | { is: 'started'; ids: string[] }
  | { is: 'acted'; codes: (string | null)[] }
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
    services: emptyServices(locksOf(pool)),
    log,
    ...options,
  })
  engine = started
  if (options.person !== false) sendPersonHome = answerTasks(pool, started)
  tell({ is: 'ready' })
}

/** Those of records are real. */
function locksOf(pool: Pool): Pick<Services, 'takeLocks' | 'releaseLocks'> {
  return {
    async takeLocks(id, records, parent) {
      const { taken, held = [] } = await takeChildLocks(pool, { id, ...(parent ? { parent } : {}) }, records)
      return { taken, held: held.map((record) => `${record.collection}/${record.id}`) }
    },
    releaseLocks: async (execution) => void (await releaseLocks(pool, execution)),
  }
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

async function doAct(act: ChildAct): Promise<string | null> {
  const by = { name: `person at ${process.pid}` }
  const running = engine as RunningEngine
  try {
    if ('act' in act) await running.act(act.id, act.act, by)
    else await running.answerTask(act.task, { output: act.output }, by)
    return null
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'go') await go(order.killAt)
  else if (order.do === 'act') tell({ is: 'acted', codes: await Promise.all(order.acts.map(doAct)) })
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
