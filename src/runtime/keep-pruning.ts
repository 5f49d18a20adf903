// Retention as a part of the role `scheduler`: every ten minutes, in one process of a database at a time.
import type { Db } from '../store/db.ts'
import { type Keeping, pruneUnlessTaken } from '../store/prune.ts'
import { isTransient } from './committer.ts'
import type { Log } from './core.ts'

const firstAfterMs = 60_000
const everyMs = 600_000

/** Answers how to stop it: what is under way ends with its piece. */
export function keepPruning(db: Db, keeping: Keeping, log: Log): () => Promise<void> {
  const stopping = new AbortController()
  let running = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    try {
      const pruned = await pruneUnlessTaken(db, { keeping, gently: true, signal: stopping.signal })
      if (pruned && pruned.executions + pruned.changes > 0) log.info(pruned, 'Deleted what is kept no longer')
    } catch (error) {
      if (!isTransient(error)) log.error({ err: error }, 'Deleting what is kept no longer failed')
    }
    if (!stopping.signal.aborted) schedule(everyMs)
  }

  function schedule(afterMs: number): void {
    timer = setTimeout(() => {
      running = round()
    }, afterMs)
    timer.unref()
  }

  schedule(firstAfterMs)
  return async () => {
    stopping.abort()
    clearTimeout(timer)
    await running
  }
}
