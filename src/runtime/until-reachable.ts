// What must be read before a node can be called is read again while the database is away: that is the trouble of this
// process, and no failure of the node.
import { setTimeout as pause } from 'node:timers/promises'
import { isTransient } from './committer.ts'

const retryMs = 100
const maxRetryMs = 2000

/** Gives up only when the signal says that nobody wants to know any more. */
export async function untilReachable<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let delay = retryMs; ; delay = Math.min(delay * 2, maxRetryMs)) {
    try {
      return await read()
    } catch (error) {
      if (!isTransient(error) || signal.aborted) throw error
      await pause(delay)
    }
  }
}
