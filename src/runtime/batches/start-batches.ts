// Carries batches on: in any number of processes, each target once. The rows are the truth; the timer here only says
// when to look, and what ends in this process that it is worth a look now.
import { isEnded } from '../../core/statuses.ts'
import {
  type LockedBatch,
  listLiveBatches,
  lockBatch,
  settleTargets,
  type TargetToStart,
  takeTargets,
  writeBatchState,
} from '../../store/batch-work.ts'
import type { Db, Pool } from '../../store/db.ts'
import type { Log } from '../core.ts'
import type { Engine } from '../engine.ts'
import { repeat } from '../repeat.ts'
import { decide } from './decide.ts'
import { startTargets } from './start-targets.ts'
import { terminateBatch } from './terminate-batch.ts'

export interface BatchParts {
  pool: Pool
  engine: Engine
  log: Log
}

export interface Batches {
  /** Waits for what is under way. */
  stop(): Promise<void>
}

const lookMs = 1000
/** However many executions end. */
const leastMs = 50
/** A target not touched for so long was lost with its process. */
const staleMs = 15_000

export function startBatches(parts: BatchParts): Batches {
  /** What this process has started and not seen the end of. */
  const awaited = new Set<string>()
  const options = { log: parts.log, failure: 'Batches could not be looked at', retryMs: lookMs, leastMs }
  const looking = repeat(options, async () => {
    let started = 0
    for (const id of await listLiveBatches(parts.pool)) started += await lookAt(parts, id, awaited)
    // The end of a short one was told before its start had returned: it is awaited by nobody.
    return started > 0 ? leastMs : lookMs
  })
  const unsubscribe = parts.engine.onChange((id, _seq, status) => {
    // Of what another process did only the number is known.
    if (!awaited.has(id) || (status !== undefined && !isEnded(status))) return
    if (status !== undefined) awaited.delete(id)
    looking.poke()
  })
  return {
    async stop() {
      unsubscribe()
      await looking.stop()
    },
  }
}

interface Look {
  batch: LockedBatch
  targets: TargetToStart[]
}

/** Answers how many it started. A batch that cannot be looked at does not keep others from going on. */
async function lookAt(parts: BatchParts, id: string, awaited: Set<string>): Promise<number> {
  try {
    const look = await parts.pool.transaction((tx) => claim(tx, id))
    if (!look) return 0
    const started = await startTargets(parts, look.batch, look.targets)
    for (const execution of started) awaited.add(execution)
    if (look.batch.terminatedBy !== null) await terminateBatch(parts, look.batch)
    return started.length
  } catch (error) {
    parts.log.warn({ err: error, batch: id }, 'A batch could not be carried on; trying again')
    return 0
  }
}

/** Decides under the lock of the batch; what is taken here is started after the commit. */
async function claim(tx: Db, id: string): Promise<Look | undefined> {
  const batch = await lockBatch(tx, id)
  if (!batch) return undefined
  const decision = decide(batch, await settleTargets(tx, id))
  const state = stateAfter(batch, decision)
  if (state !== batch.state || decision.end) {
    const reason = decision.stop ? 'failures' : batch.reason
    await writeBatchState(tx, { id, state, reason, ended: decision.end })
  }
  const targets = await takeTargets(tx, id, { count: decision.start, staleMs })
  return { batch, targets }
}

function stateAfter(
  { state }: LockedBatch,
  { stop, end }: { stop: boolean; end: boolean },
): LockedBatch['state'] {
  if (stop) return 'stopped'
  return end && state !== 'stopped' ? 'completed' : state
}
