import { AppError } from '../core/errors.ts'
import { mustSayWhy, type ReasonedAct } from './contract/reasons.ts'

/** For requests whose act is known only once they are read; the others say it in their schema. */
export function checkReason(act: ReasonedAct, reason: string | undefined): void {
  if (!mustSayWhy[act] || reason?.trim()) return
  const at = { pointer: '/reason', message: 'reason is missing', why: { key: 'value-missing' } } as const
  throw new AppError('bad-request', `${at.pointer}: ${at.message}`, {
    pointer: at.pointer,
    problems: [{ code: 'bad-request', ...at }],
  })
}
