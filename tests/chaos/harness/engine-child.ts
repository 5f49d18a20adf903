// An engine in a process of its own, to be killed. Told what to do by messages; argv = EngineChildOptions as JSON.
import { AppError } from '../../../src/core/errors.ts'
import type { Act, StartRequest } from '../../../src/runtime/engine.ts'
import { type RunningEngine, startEngine } from '../../../src/runtime/start-engine.ts'
import { openPool, openWriter } from '../../../src/store/db.ts'
import { emptyServices } from '../../helpers/engine.ts'
import { type CrashAt, crashingPool } from './crash-points.ts'
import { typesWithStubs } from './stub-types.ts'

export interface EngineChildOptions {
  url: string
  /** Address of the ledger. */
  ledger: string
  beatMs: number
  deadAfterMs: number
  concurrency?: number
  finishWithinMs?: number
  /** Connections to the database. */
  poolSize?: number
}

export type Order =
  | { do: 'go'; crashAt?: CrashAt }
  | { do: 'start'; request: Omit<StartRequest, 'by'> }
  | { do: 'answer'; task: string; answer: { output?: { n: number }; port?: string } }
  | { do: 'act'; execution: string; act: Act }

export type Report =
  | { id: number; done: string }
  | { id: number; refused: { code: string; message: string } }
  | { complaint: string }

const options = JSON.parse(process.argv[2] ?? '') as EngineChildOptions
const by = { name: 'chaos' }
let engine: RunningEngine | undefined

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
  const pool = crashAt ? crashingPool(own, crashAt) : own
  const writer = crashAt ? { writer: crashingPool(openWriter(own), crashAt) } : {}
  const types = await typesWithStubs(options.ledger)
  engine = await startEngine({ pool, types, services: emptyServices(), log, ...writer, ...options })
  return String(process.pid)
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
