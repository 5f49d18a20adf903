import { AppError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import { type Fail, fail } from '../core/outcome.ts'

/**
 * The failure that tells of a thrown AppError: a refusal (4xx) is `failed`, as running it again as it is would
 * end the same; all else, and what the outbound guard refuses, is `error`. Anything but an AppError is thrown again.
 */
export function failFrom(error: unknown, details: { [key: string]: Json } = {}): Fail {
  if (!(error instanceof AppError)) throw error
  const { pointer, problems } = error.details
  const all = {
    ...details,
    ...(pointer === undefined ? {} : { pointer }),
    ...(problems === undefined
      ? {}
      : { problems: problems.map(({ message, pointer }) => ({ message, pointer })) }),
  }
  const isRefusal = error.status < 500 && error.code !== 'outbound-refused'
  const kind = isRefusal ? 'failed' : 'error'
  return fail(kind, error.code, error.message, Object.keys(all).length === 0 ? undefined : all)
}
