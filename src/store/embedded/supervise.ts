// Starts the server process again when something (the kernel short of memory, a person) killed it.
import type { Postmaster } from './cluster.ts'
import { isAlive } from './process-identity.ts'

const checkEveryMs = 1000

/** `first` runs already; `restart` makes the next one. The pools reconnect by themselves. */
export function keepRunning(
  first: Postmaster,
  restart: () => Promise<Postmaster>,
  log: (line: string) => void,
): { stop(): Promise<void> } {
  let current = Promise.resolve(first)
  let known: Postmaster | undefined = first
  const check = () => {
    if (!known || isAlive(known.pid)) return
    log(`The database process ${known.pid} is gone; starting it again`)
    const previous = known
    known = undefined
    current = restart().catch((error: unknown) => {
      log(`The database did not start again: ${error instanceof Error ? error.message : String(error)}`)
      return previous
    })
    void current.then((postmaster) => {
      known = postmaster
    })
  }
  const timer = setInterval(check, checkEveryMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await (await current).stop()
    },
  }
}
