// Child processes with an engine each, as the tests see them.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { KillAt } from './crash-points.ts'
import type { Answer, ChildAct, ChildOptions, Order } from './engine-child.ts'

export interface EngineChild {
  readonly pid: number
  /** Starts the engine. */
  go(killAt?: KillAt): Promise<void>
  /** Undefined when it died before it could answer. */
  start(requests: Extract<Order, { do: 'start' }>['requests']): Promise<string[] | undefined>
  /** Tasks answered and acts done, all at once; of each the code of the error it was refused with. */
  act(acts: readonly ChildAct[]): Promise<(string | null)[] | undefined>
  /** How many there were; undefined when it is dead. */
  commits(): Promise<number | undefined>
  signal(signal: NodeJS.Signals): void
  /** Resolves with exit code or signal once it is gone. */
  readonly ended: Promise<number | string>
  /** What it complained about: errors logged, unhandled rejections. */
  readonly complaints: string[]
}

const script = join(import.meta.dirname, 'engine-child.ts')
export const times = { beatMs: 100, deadAfterMs: 400 }

/** What is wrong with a child from the start: modules loaded before all others, told what to do by `env`. */
export interface Flaw {
  preload: readonly string[]
  env: Readonly<Record<string, string>>
}

/** Loaded, its engine not started yet. */
export async function loadChild(
  options: Omit<ChildOptions, 'beatMs' | 'deadAfterMs'> & Partial<ChildOptions>,
  flaw: Flaw = { preload: [], env: {} },
): Promise<EngineChild> {
  const child = fork(script, [JSON.stringify({ ...times, ...options })], {
    execArgv: flaw.preload.flatMap((file) => ['--import', file]),
    env: { ...process.env, ...flaw.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const complaints: string[] = []
  child.on('message', (answer: Answer) => {
    if (answer.is === 'failed') complaints.push(answer.message)
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  /** The dead do not listen. */
  const tell = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined)
  }
  await nextAnswer(child, ended, 'loaded')
  return {
    pid: child.pid as number,
    complaints,
    ended,
    signal: (signal) => void child.kill(signal),
    async go(killAt) {
      tell({ do: 'go', ...(killAt ? { killAt } : {}) })
      await nextAnswer(child, ended, 'ready')
    },
    async start(requests) {
      tell({ do: 'start', requests })
      return (await nextAnswer(child, ended, 'started'))?.ids
    },
    async act(acts) {
      tell({ do: 'act', acts })
      return (await nextAnswer(child, ended, 'acted'))?.codes
    },
    async commits() {
      tell({ do: 'count' })
      return (await nextAnswer(child, ended, 'count'))?.commits
    },
  }
}

type Named<K> = Extract<Answer, { is: K }>

function nextAnswer<K extends Answer['is']>(
  child: ChildProcess,
  ended: Promise<unknown>,
  is: K,
): Promise<Named<K> | undefined> {
  return new Promise((resolve) => {
    const hear = (answer: Answer): void => {
      if (answer.is === is) finish(answer as Named<K>)
    }
    const finish = (answer?: Named<K>): void => {
      child.off('message', hear)
      resolve(answer)
    }
    child.on('message', hear)
    void ended.then(() => finish())
  })
}

/** Kills children that are still there. */
export async function killAll(children: readonly EngineChild[]): Promise<void> {
  for (const child of children) {
    child.signal('SIGCONT')
    child.signal('SIGKILL')
    await child.ended
  }
}
