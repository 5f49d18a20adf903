// The bench's side: one child process per system under test, told what to do, its output kept for when it fails.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer, LoadOrder, LoadResult, Order, Place } from './protocol.ts'

export interface Child {
  load(load: LoadOrder): Promise<LoadResult>
  close(): Promise<void>
}

export interface ChildOptions {
  /** A file of `programs/`, without its ending. */
  program: string
  place: Place
  env?: Record<string, string>
}

const longestMs = 120_000

/** Starts the program and waits until it can take load. */
export async function openChild({ program, place, env }: ChildOptions): Promise<Child> {
  const logFile = join(place.scratch, 'output.log')
  const log = openSync(logFile, 'w')
  const child = fork(join(import.meta.dirname, 'programs', `${program}.ts`), [], {
    cwd: place.scratch,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log, log, 'ipc'],
  })
  const ask = (order: Order) => askChild(child, order).catch((error: unknown) => fail(error, logFile))
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.send({ do: 'close' } satisfies Order)
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await gone
    clearTimeout(timer)
  }
  try {
    await ask({ do: 'open', place })
  } catch (error) {
    await close()
    throw error
  }
  return {
    async load(load) {
      const answer = await ask({ do: 'load', load })
      if (!('result' in answer)) throw new Error('No result')
      return answer.result
    },
    close,
  }
}

async function askChild(child: ChildProcess, order: Order): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const onExit = (code: number | null) => reject(new Error(`The program ended with ${code}`))
  const timer = setTimeout(() => reject(new Error(`No answer to '${order.do}'`)), longestMs)
  child.once('message', (answer: Answer) =>
    'error' in answer ? reject(new Error(answer.error)) : resolve(answer),
  )
  child.once('exit', onExit)
  child.send(order)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    child.off('exit', onExit)
    child.removeAllListeners('message')
  }
}

function fail(error: unknown, logFile: string): never {
  const tail = readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n')
  throw new Error(`${error instanceof Error ? error.message : error}\n${tail}`)
}
