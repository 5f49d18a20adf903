// Carries batches on: in any number of processes, each target once. The rows are the truth; the timer here only says
// when to look, and what people change or what ends in this process that it is worth a look now.
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
  idleMs?: number
}

export interface Batches {
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/** While something of a batch is under way. */
const busyMs = 1000
/** What no hint has told of is found so soon (rule 24). */
const defaultIdleMs = 5000
/** However many executions end. */
const leastMs = 50
/** A target not touched for so long was lost with its process. */
const staleMs = 15_000

export function startBatches(parts: BatchParts): Batches {
  /** What this process has started and not seen the end of. */
  const awaited = new Set<string>()
  const options = { log: parts.log, failure: 'Batches could not be looked at', retryMs: busyMs, leastMs }
  const looking = repeat(options, async () => {
    let taken = 0
    let isBusy = false
    for (const id of await listLiveBatches(parts.pool)) {
      const seen = await lookAt(parts, id, awaited)
      taken += seen.taken
      isBusy ||= seen.isBusy
    }
    // The end of a short one was told before its start had returned: it is awaited by nobody.
    if (taken > 0) return leastMs
    return isBusy ? busyMs : (parts.idleMs ?? defaultIdleMs)
  })
  const unsubscribe = parts.engine.onChange((id, _seq, status) => {
    // Of what another process did only the number is known.
    if (!awaited.has(id) || (status !== undefined && !isEnded(status))) return
    if (status !== undefined) awaited.delete(id)
    looking.poke()
  })
  const deafen = parts.engine.onLook('batches', looking.poke)
  return {
    async stop() {
      unsubscribe()
      deafen()
      await looking.stop()
    },
  }
}

interface Look {
  batch: LockedBatch
  targets: TargetToStart[]
  /** Something of it is under way: it goes on without anybody touching it. */
  isBusy: boolean
}

interface Seen {
  /** Targets it has started, or was refused. */
  taken: number
  isBusy: boolean
}

/** A batch that cannot be looked at does not keep others from going on. */
async function lookAt(parts: BatchParts, id: string, awaited: Set<string>): Promise<Seen> {
  try {
    const look = await parts.pool.transaction((tx) => claim(tx, id))
    if (!look) return { taken: 0, isBusy: true }
    const started = await startTargets(parts, look.batch, look.targets)
    for (const execution of started) awaited.add(execution)
    if (look.batch.terminatedBy !== null) await terminateBatch(parts, look.batch)
    return { taken: look.targets.length, isBusy: look.isBusy }
  } catch (error) {
    parts.log.warn({ err: error, batch: id }, 'A batch could not be carried on; trying again')
    return { taken: 0, isBusy: true }
  }
}

/** Decides under the lock of the batch; what is taken here is started after the commit. */
async function claim(tx: Db, id: string): Promise<Look | undefined> {
  const batch = await lockBatch(tx, id)
  if (!batch) return undefined
  const standing = await settleTargets(tx, id)
  const decision = decide(batch, standing)
  const state = stateAfter(batch, decision)
  if (state !== batch.state || decision.end) {
    const reason = decision.stop ? 'failures' : batch.reason
    await writeBatchState(tx, { id, state, reason, ended: decision.end })
  }
  const targets = await takeTargets(tx, id, { count: decision.start, staleMs })
  const isBusy = !decision.end && (standing.busy > 0 || batch.terminatedBy !== null)
  return { batch, targets, isBusy }
}

function stateAfter(
  { state }: LockedBatch,
  { stop, end }: { stop: boolean; end: boolean },
): LockedBatch['state'] {
  if (stop) return 'stopped'
  return end && state !== 'stopped' ? 'completed' : state
}
