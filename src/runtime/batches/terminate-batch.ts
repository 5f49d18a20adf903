// A batch that was stopped with everything that is under way: also what was just being started when somebody said so.
import { eachAtOnce } from '../../core/each-at-once.ts'
import { AppError } from '../../core/errors.ts'
import { type LockedBatch, liveExecutionsOf } from '../../store/batch-work.ts'
import type { BatchParts } from './start-batches.ts'

/** So many acts share a commit; more would only wait for each other. */
const atOnce = 16

export async function terminateBatch({ pool, engine, log }: BatchParts, batch: LockedBatch): Promise<void> {
  const by = { name: batch.terminatedBy ?? 'system' }
  const act = { type: 'terminate', ...(batch.reason ? { reason: batch.reason } : {}) } as const
  await eachAtOnce(await liveExecutionsOf(pool, batch.id), atOnce, async (id) => {
    await engine.act(id, act, by).catch((error: unknown) => {
      // It has ended by itself meanwhile.
      if (error instanceof AppError && error.code === 'illegal-act') return
      log.warn(
        { err: error, batch: batch.id, execution: id },
        'An execution could not be terminated; trying again',
      )
    })
  })
}
