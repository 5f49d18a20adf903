// An engine in a process of its own, told what to do by messages; argv[2] = ChildOptions as JSON.
import { openPool } from '../../src/store/db.ts'
import { crashTypes } from './crash-types.ts'
import { input } from './documents.ts'
import { complete, openEngine } from './engine.ts'

export interface ChildOptions {
  url: string
  concurrency: number
  /** Effects of type `told-slow` hang in this process. */
  hangs?: boolean
}

export type Order =
  | { do: 'load'; workflow: string; inFlight: number; ms: number }
  | { do: 'start'; workflow: string; count: number }
  | { do: 'stop' }

export type Answer =
  | { is: 'ready' }
  | { is: 'loaded'; executions: number; seconds: number; cpu: number; flushes: number; saves: number }
  | { is: 'started' }
  | { is: 'effect'; execution: string; run: string }
  | { is: 'failed'; message: string }

const options = JSON.parse(process.argv[2] ?? '') as ChildOptions
const tell = (answer: Answer) => void process.send?.(answer)
const pool = openPool({ connectionString: options.url })
const engine = await openEngine(pool, {
  concurrency: options.concurrency,
  types: crashTypes({ hangs: options.hangs ?? false, tell: (effect) => tell({ is: 'effect', ...effect }) }),
})

async function load({ workflow, inFlight, ms }: Extract<Order, { do: 'load' }>): Promise<void> {
  const { figures } = engine.core.committer
  const before = { ...figures }
  const used = process.cpuUsage()
  const started = performance.now()
  let executions = 0
  const one = async () => {
    while (performance.now() < started + ms) {
      await complete(engine, { workflow, inputs: input })
      executions++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(used)
  const cpu = (user + system) / 1e6
  const flushes = figures.flushes - before.flushes
  tell({ is: 'loaded', executions, seconds, cpu, flushes, saves: figures.saves - before.saves })
}

async function start({ workflow, count }: Extract<Order, { do: 'start' }>): Promise<void> {
  const request = { workflow, inputs: input, by: { name: 'bench' } }
  await Promise.all(Array.from({ length: count }, () => engine.start(request)))
  tell({ is: 'started' })
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'load') return load(order)
  if (order.do === 'start') return start(order)
  await engine.stop()
  await pool.close()
  process.exit(0)
}

process.on('message', (order: Order) => {
  obey(order).catch((error: Error) => tell({ is: 'failed', message: error.stack ?? error.message }))
})
process.on('disconnect', () => process.exit(0))
tell({ is: 'ready' })
