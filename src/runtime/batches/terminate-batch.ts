// A batch that was stopped with everything that is under way: also what was just being started when somebody said so.
import { AppError } from '../../core/errors.ts'
import { type LockedBatch, liveExecutionsOf } from '../../store/batch-work.ts'
import type { BatchParts } from './start-batches.ts'

export async function terminateBatch({ pool, engine, log }: BatchParts, batch: LockedBatch): Promise<void> {
  const by = { name: batch.terminatedBy ?? 'system' }
  const act = { type: 'terminate', ...(batch.reason ? { reason: batch.reason } : {}) } as const
  const todo = (await liveExecutionsOf(pool, batch.id)).values()
  const work = async () => {
    for (const id of todo) {
      await engine.act(id, act, by).catch((error: unknown) => {
        // It has ended by itself meanwhile.
        if (error instanceof AppError && error.code === 'illegal-act') return
        log.warn(
          { err: error, batch: batch.id, execution: id },
          'An execution could not be terminated; trying again',
        )
      })
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}
