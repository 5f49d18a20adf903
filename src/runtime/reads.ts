// What is looked up for one execution at a time, and often for hundreds at the same moment.
import type { Pool } from '../store/db.ts'
import { findByDedupKeys, loadExecutions, type StoredExecution } from '../store/executions.ts'
import { type ClaimedRun, holdsClaims } from '../store/queue.ts'
import { together } from './together.ts'

export interface Reads {
  execution(id: string): Promise<StoredExecution | undefined>
  /** The one that was started with this key. */
  byDedupKey(key: string): Promise<{ id: string; status: string } | undefined>
  /** Whether this process still holds the claim on an effect. */
  holdsClaim(claim: ClaimedRun): Promise<boolean>
}

export function createReads(pool: Pool, process: string): Reads {
  return {
    execution: together((ids) => loadExecutions(pool, ids)),
    byDedupKey: together((keys) => findByDedupKeys(pool, keys)),
    holdsClaim: together((runs) => holdsClaims(pool, process, runs)),
  }
}
