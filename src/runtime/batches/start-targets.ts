// Starts executions for the targets that were taken, with the rights the owner of the batch has now.
import { loadCaller } from '../../access/callers.ts'
import { mayOnWorkflow, principalOf } from '../../access/permissions.ts'
import { eachAtOnce } from '../../core/each-at-once.ts'
import { AppError } from '../../core/errors.ts'
import {
  type LockedBatch,
  markTargetRefused,
  markTargetsStarted,
  type StartedTarget,
  type TargetToStart,
} from '../../store/batch-work.ts'
import type { Principal } from '../engine.ts'
import type { BatchParts } from './start-batches.ts'

/** So many starts share a commit; more would only wait for each other. */
const atOnce = 16

/** Answers the executions. Never throws: a target that cannot be started now is taken again by whoever looks next. */
export async function startTargets(
  parts: BatchParts,
  batch: LockedBatch,
  targets: readonly TargetToStart[],
): Promise<string[]> {
  if (targets.length === 0) return []
  const started: StartedTarget[] = []
  const inOrder = [...targets].sort((one, other) => one.position - other.position)
  const owner = ownerOf(parts, batch)
  await eachAtOnce(inOrder, atOnce, async (target) => {
    const execution = await start(parts, { batch, target, owner })
    if (execution !== undefined) started.push({ ...target, execution })
  })
  if (started.length > 0) {
    // Not marked: started again by whoever looks next, under the same key, and found.
    await markTargetsStarted(parts.pool, batch.id, started).catch((error: unknown) =>
      parts.log.warn(
        { err: error, batch: batch.id },
        'That a batch started could not be written; trying again',
      ),
    )
  }
  return started.map(({ execution }) => execution)
}

interface Starting {
  batch: LockedBatch
  target: TargetToStart
  owner: Promise<Principal>
}

async function start(parts: BatchParts, { batch, target, owner }: Starting): Promise<string | undefined> {
  try {
    const { id } = await parts.engine.start({
      workflow: batch.workflow,
      version: batch.version,
      inputs: batch.inputs,
      target: { collection: batch.collection, id: target.target },
      trigger: 'batch',
      dedupKey: `batch:${batch.id}:${target.target}:${target.attempt}`,
      by: await owner,
    })
    return id
  } catch (error) {
    await refuse(parts, { batch, target }, error)
    return undefined
  }
}

async function refuse(
  { pool, log }: BatchParts,
  { batch, target }: Omit<Starting, 'owner'>,
  error: unknown,
): Promise<void> {
  const about = { err: error, batch: batch.id, target: target.target }
  if (!(error instanceof AppError) || error.code === 'unavailable') {
    log.warn(about, 'A batch could not start an execution; trying again')
    return
  }
  log.warn(about, 'A batch was refused an execution')
  const refused = { ...target, reason: error.message, why: error.details.why }
  await markTargetRefused(pool, batch.id, refused).catch((failure: unknown) =>
    log.warn({ ...about, err: failure }, 'That a batch was refused could not be written; trying again'),
  )
}

async function ownerOf({ pool }: BatchParts, { ownerId, owner, workflow }: LockedBatch): Promise<Principal> {
  const caller = await loadCaller(pool, ownerId)
  if (!caller)
    throw new AppError('forbidden', `Its owner ${owner} is gone or disabled.`, {
      why: { key: 'owner-gone', owner },
    })
  if (!caller.permissions.has('execution.start') || !mayOnWorkflow(caller, workflow, 'run')) {
    throw new AppError('forbidden', `Its owner ${owner} may not run ${workflow} any more.`, {
      why: { key: 'owner-may-not', owner, workflow },
    })
  }
  return principalOf(caller)
}
