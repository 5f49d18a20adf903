// An engine in a process of its own, to be killed. Told what to do by messages; argv = EngineChildOptions as JSON.
import { AppError } from '../../../src/core/errors.ts'
import type { Json } from '../../../src/core/json.ts'
import { releaseLocks, takeChildLocks } from '../../../src/objects/locks.ts'
import type { Act, StartRequest } from '../../../src/runtime/engine.ts'
import type { Limits } from '../../../src/runtime/limits.ts'
import type { Services } from '../../../src/runtime/services.ts'
import { type RunningEngine, startEngine } from '../../../src/runtime/start-engine.ts'
import { openPool, type Pool } from '../../../src/store/db.ts'
import { openWriter } from '../../../src/store/writer.ts'
import { emptyServices } from '../../helpers/engine.ts'
import { answerTasks } from '../drills/answer-tasks.ts'
import { typesWithLedger } from '../drills/effect-types.ts'
import { type CrashAt, crashing } from './crash-points.ts'
import { typesWithStubs } from './stub-types.ts'

export interface EngineChildOptions {
  url: string
  /** Address of the ledger; or a file, written by effects themselves before anything can happen to their process. */
  ledger: string
  beatMs: number
  deadAfterMs: number
  concurrency?: number
  finishWithinMs?: number
  /** Connections to the database. */
  poolSize?: number
  tags?: string[]
  untagged?: boolean
  limits?: Partial<Limits>
  /** Whether somebody here answers all tasks. */
  person?: boolean
}

export type Order =
  | { do: 'go'; crashAt?: CrashAt }
  | { do: 'start'; request: Omit<StartRequest, 'by'> }
  | { do: 'answer'; task: string; answer: { output?: Json; port?: string } }
  | { do: 'act'; execution: string; act: Act }
  | { do: 'confirm'; execution: string; runs: { run: string; attempt: number }[] }

export type Report =
  | { id: number; done: string }
  | { id: number; refused: { code: string; message: string } }
  | { complaint: string }

const options = JSON.parse(process.argv[2] ?? '') as EngineChildOptions
const by = { name: 'chaos' }
let engine: RunningEngine | undefined
let sendPersonHome: (() => void) | undefined

const tell = (report: Report): void => {
  process.send?.(report, () => undefined)
}

function complain(error: unknown): void {
  tell({ complaint: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

const log = {
  info() {},
  warn() {},
  error: (fields: object, message: string) => {
    const { err } = fields as { err?: Error }
    complain(`${message} ${JSON.stringify(fields)} ${err?.stack ?? ''}`)
  },
}

async function go(crashAt: CrashAt | undefined): Promise<string> {
  const { url, poolSize } = options
  const size = poolSize === undefined ? {} : { max: poolSize }
  const own = openPool({ connectionString: url, application_name: 'chaos', ...size })
  const pool = crashAt ? crashing(own, crashAt) : own
  const writer = crashAt ? { writer: crashing(openWriter(own), crashAt) } : {}
  const { ledger } = options
  const types = await (ledger.startsWith('http') ? typesWithStubs(ledger) : typesWithLedger(ledger))
  const services = emptyServices(locksOf(pool))
  engine = await startEngine({ pool, types, services, log, ...writer, ...options })
  if (options.person) sendPersonHome = answerTasks(own, engine)
  return String(process.pid)
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

async function obey(order: Order): Promise<string> {
  if (order.do === 'go') return go(order.crashAt)
  if (!engine) throw new AppError('unavailable', 'Not started yet.')
  switch (order.do) {
    case 'start':
      return (await engine.start({ ...order.request, by })).id
    case 'answer':
      await engine.answerTask(order.task, order.answer, by)
      return ''
    case 'act':
      await engine.act(order.execution, order.act, by)
      return ''
    case 'confirm':
      return JSON.stringify((await engine.confirm(order.execution, { runs: order.runs }, by)).confirmed)
  }
}

process.on('message', ({ id, ...order }: Order & { id: number }) => {
  obey(order as Order).then(
    (done) => tell({ id, done }),
    (error: unknown) => {
      const code = error instanceof AppError ? error.code : 'unexpected'
      tell({ id, refused: { code, message: String(error) } })
      if (code === 'unexpected') complain(error)
    },
  )
})
process.on('unhandledRejection', (error) => {
  complain(error)
  process.exit(70)
})
process.on('SIGTERM', () => {
  sendPersonHome?.()
  const stopped = engine?.stop() ?? Promise.resolve()
  void stopped.then(
    () => process.exit(0),
    (error: unknown) => {
      complain(error)
      process.exit(71)
    },
  )
})
process.on('disconnect', () => process.exit(0))
