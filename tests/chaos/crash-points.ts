// A pool that kills its process at a commit: before the statement is sent, or after it was answered and before anybody
// has seen the answer.
import type { Db, Pool } from '../../src/store/db.ts'

export interface KillAt {
  /** The n-th commit of the process, from 1. */
  commit: number
  side: 'before' | 'after'
}

export interface Commits {
  /** So far. */
  count: number
  watch(pool: Pool): Pool
}

/** Statements that move executions or their queue on; heartbeats do not. */
const moving = /^(save_|remove_row|postpone)/

export function watchCommits(killAt: KillAt | undefined): Commits {
  const commits: Commits = { count: 0, watch }

  function dieAt(side: KillAt['side'], commit: number): void {
    if (killAt?.side === side && killAt.commit === commit) process.kill(process.pid, 'SIGKILL')
  }

  async function move<T>(work: () => Promise<T>): Promise<T> {
    const commit = ++commits.count
    dieAt('before', commit)
    const result = await work()
    dieAt('after', commit)
    return result
  }

  /** That a look at the queue claims something is known only afterwards: it has no `before`. */
  async function claim<R>(work: () => Promise<R[]>): Promise<R[]> {
    const rows = await work()
    if (rows.length > 0 && killAt?.side !== 'before') dieAt('after', ++commits.count)
    return rows
  }

  function watch(pool: Pool): Pool {
    const isMoving = (name: string | undefined) => name !== undefined && moving.test(name)
    return {
      ...pool,
      async query<R extends object>(...call: Parameters<Db['query']>) {
        const work = () => pool.query<R>(...call)
        if (call[2]?.startsWith('claim_due')) return claim(work)
        return isMoving(call[2]) ? move(work) : work()
      },
      run: (...call) => (isMoving(call[2]) ? move(() => pool.run(...call)) : pool.run(...call)),
    }
  }

  return commits
}
