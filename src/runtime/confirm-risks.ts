// One confirmation for many node runs: each by its own event, and only for the attempt a person has seen.
import { AppError } from '../core/errors.ts'
import type { Confirmation, Confirmed, Principal } from './engine.ts'
import type { OperateTools } from './operate.ts'

/** Throws `illegal-act` when none of them is risky any more; nothing changes then. */
export async function confirmRisks(
  { gate }: OperateTools,
  id: string,
  { runs, reason, by }: Confirmation & { by: Principal },
): Promise<Confirmed> {
  const verdicts = await Promise.all(
    runs.map(({ run, attempt }) =>
      gate.send(id, {
        event: { type: 'confirmed', run, attempt },
        act: { act: 'confirm', run, by: by.name, ...(reason ? { reason } : {}) },
      }),
    ),
  )
  const confirmed = runs.filter((_, index) => verdicts[index] === 'applied').map(({ run }) => run)
  if (confirmed.length === 0) {
    throw new AppError('illegal-act', 'None of these node runs is risky any more as it was seen.', {
      why: { key: 'risk-gone' },
    })
  }
  const refused = runs.map(({ run }) => run).filter((run) => !confirmed.includes(run))
  return { confirmed, refused }
}
