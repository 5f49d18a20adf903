// Engines in processes of their own, and what they tell.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Answer, ChildOptions, Order } from './engine-child.ts'

export interface Child {
  process: ChildProcess
  order(order: Order): void
  /** The next answer of this kind. Rejects when the child fails or ends. */
  answer<K extends Answer['is']>(is: K): Promise<Extract<Answer, { is: K }>>
  onEffect(listener: (effect: { execution: string; run: string }) => void): void
  stop(): Promise<void>
}

/** Resolves when its engine runs. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const file = join(import.meta.dirname, 'engine-child.ts')
  const process = fork(file, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const child: Child = {
    process,
    order: (order) => void process.send(order),
    answer: (is) => nextAnswer(process, is),
    onEffect(listener) {
      process.on('message', (answer: Answer) => {
        if (answer.is === 'effect') listener(answer)
      })
    },
    stop() {
      const gone = new Promise<void>((resolve) => process.once('exit', () => resolve()))
      if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve()
      process.send({ do: 'stop' } satisfies Order)
      return gone
    },
  }
  await child.answer('ready')
  return child
}

function nextAnswer<K extends Answer['is']>(child: ChildProcess, is: K): Promise<Extract<Answer, { is: K }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer) => {
      if (answer.is === 'failed') settle(() => reject(new Error(answer.message)))
      if (answer.is === is) settle(() => resolve(answer as Extract<Answer, { is: K }>))
    }
    const onExit = (code: number | null) =>
      settle(() => reject(new Error(`An engine ended with code ${code}`)))
    const settle = (work: () => void) => {
      child.off('message', onMessage).off('exit', onExit)
      work()
    }
    child.on('message', onMessage).on('exit', onExit)
  })
}
