// What people do to a batch: only what its state allows, with a reason, and written down.
import { audit } from '../access/audit.ts'
import type { Caller } from '../access/permissions.ts'
import { AppError } from '../core/errors.ts'
import type { Engine } from '../runtime/engine.ts'
import { type BatchChange, changeBatch, heldExecutions, resetFailed, steerBatch } from '../store/batches.ts'
import type { Db } from '../store/db.ts'
import { actOnMany } from './act-on-many.ts'
import type { batchActs } from './contract/batches.ts'

type BatchAct = (typeof batchActs)[number]
type Found = NonNullable<Awaited<ReturnType<typeof steerBatch>>>

interface Asked {
  params: { id: string }
  body: { reason?: string; terminate?: boolean }
  caller: Caller
}

/** Throws `illegal-act` when its state does not allow it. */
export async function steer(
  deps: { db: Db; engine: Engine },
  act: BatchAct,
  { params: { id }, body, caller }: Asked,
): Promise<void> {
  const reason = body.reason?.trim() || null
  // Before the rest: while these still count as failed, the batch would stop again.
  const held = act === 'retry' ? await heldExecutions(deps.db, id) : []
  if (held.length > 0) await actOnMany(deps, { ids: held, act: 'retry', reason: reason ?? undefined }, caller)
  await deps.db.transaction(async (tx) => {
    const found = await steerBatch(tx, id)
    if (!found) throw new AppError('not-found', `There is no batch ${id}`)
    const again = act === 'retry' ? await resetFailed(tx, id) : 0
    if (!isLegal(act, found, again + held.length))
      throw new AppError('illegal-act', `'${act}' is not possible: batch ${id} is ${found.state}.`, {
        why: { key: 'batch-act-not-possible', batchAct: act, batchState: found.state },
      })
    await changeBatch(tx, id, changeFor(act, found, { reason, terminate: body.terminate, by: caller.name }))
    const details = { ...(reason ? { reason } : {}), ...(body.terminate ? { terminate: true } : {}) }
    await audit(tx, { by: caller.name, action: `batch.${act}`, object: `batch:${id}`, details })
  })
}

function isLegal(act: BatchAct, { state, waiting }: Found, again: number): boolean {
  switch (act) {
    case 'pause':
      return state === 'running'
    case 'resume':
      return state === 'paused' || (state === 'stopped' && waiting > 0)
    case 'stop':
      return state === 'running' || state === 'paused'
    case 'retry':
      return again > 0
  }
}

function changeFor(
  act: BatchAct,
  { state, failed }: Found,
  given: { reason: string | null; terminate: boolean | undefined; by: string },
): BatchChange {
  const { reason, terminate, by } = given
  switch (act) {
    case 'pause':
      return { state: 'paused', reason }
    case 'resume':
      // What made it stop has been looked at: only what fails from now on counts.
      return { state: 'running', reason, ...(state === 'stopped' ? { forgiven: failed } : {}) }
    case 'stop':
      return { state: 'stopped', reason, terminatedBy: terminate ? by : null }
    case 'retry':
      return { state: 'running', reason, forgiven: 0 }
  }
}
