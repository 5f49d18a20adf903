// A child process with an engine, as the tests see it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineChildOptions, Order, Report } from './engine-child.ts'

export interface EngineProcess {
  readonly pid: number
  readonly isAlive: boolean
  /** Undefined when it died, or gave no answer, before it could be known whether it was done. */
  ask(order: Order, withinMs?: number): Promise<{ done: string } | { refused: Refusal } | undefined>
  signal(signal: NodeJS.Signals): void
  /** Exit code or signal. */
  readonly ended: Promise<number | string>
  /** Errors logged, rejections nobody handled. */
  readonly complaints: string[]
}

export interface Refusal {
  code: string
  message: string
}

type Reply = { done: string } | { refused: Refusal } | undefined

const script = join(import.meta.dirname, 'engine-child.ts')
const patienceMs = 20_000

/** Loads the program; `go` starts the engine. Variables are added to the environment. */
export function forkEngine(
  options: EngineChildOptions,
  variables: Record<string, string> = {},
  execArgv: string[] = [],
): EngineProcess {
  const child = fork(script, [JSON.stringify(options)], {
    execArgv,
    // Programs are loaded a thousand times in one run.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'fermata-chaos-cache'), ...process.env, ...variables },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const complaints: string[] = []
  const waiting = new Map<number, (reply: Reply) => void>()
  let asked = 0
  let isAlive = true
  child.on('message', (report: Report) => {
    if ('complaint' in report) complaints.push(report.complaint)
    else waiting.get(report.id)?.(report)
  })
  const ended = once(child, 'exit').then(([code, signal]) => {
    isAlive = false
    for (const resolve of waiting.values()) resolve(undefined)
    return (code ?? signal) as number | string
  })
  return {
    pid: child.pid as number,
    get isAlive() {
      return isAlive
    },
    complaints,
    ended,
    signal: (signal) => void child.kill(signal),
    ask(order, withinMs = patienceMs) {
      if (!isAlive || !child.connected) return Promise.resolve(undefined)
      const id = ++asked
      return new Promise((resolve) => {
        const timer = setTimeout(() => finish(undefined), withinMs)
        const finish = (reply: Reply): void => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(reply)
        }
        waiting.set(id, finish)
        child.send({ ...order, id }, (error) => error && finish(undefined))
      })
    },
  }
}
