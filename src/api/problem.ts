// Every error leaves as RFC 9457 problem+json with a code of the one table.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type Problem as CoreProblem, type ErrorCode, errorTable } from '../core/errors.ts'
import { isTransient } from '../runtime/committer.ts'
import { sqlState } from '../store/db.ts'
import type { Problem, ProblemAnswer } from './contract/shapes.ts'
import { bodyLimit } from './read-body.ts'
import { about } from './request-log.ts'

export function problemFrom(error: AppError): ProblemAnswer {
  const { status, title } = errorTable[error.code]
  const { pointer, span, problems, permission, why } = error.details
  return {
    type: `/api/docs#${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(why ? { why } : {}),
    ...(pointer === undefined ? {} : { pointer }),
    ...(permission === undefined ? {} : { permission }),
    ...(span ? { span: [...span] } : {}),
    ...(problems ? { problems: problems.map(problemView) } : {}),
  }
}

/** One complaint, as it leaves. */
export function problemView({ span, why, ...rest }: CoreProblem): Problem {
  return { ...rest, ...(why ? { why } : {}), ...(span ? { span: [...span] } : {}) }
}

/** Seconds after which it may be asked again; for clients that heed it. */
const retryAfter = 5

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const problem = problemFrom(error)
  if (error.code === 'unavailable') reply.header('retry-after', retryAfter)
  return reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem))
}

/** Fastify's own refusals, by their code. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_NOT_FOUND: 'not-found',
}

/** Values that no column can hold: text with U+0000, a number out of range, text that is no number or date. */
const inputStates = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008'])

export function appErrorFrom(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { code, statusCode, message } = error as Partial<FastifyError>
  const state = sqlState(error)
  if (state && inputStates.has(state))
    return new AppError('bad-request', 'A value cannot be stored', {
      why: { key: 'not-storable' },
      cause: error,
    })
  if (isTransient(error))
    return new AppError('unavailable', 'The database cannot be reached at the moment; try again.', {
      cause: error,
    })
  const known = code === undefined ? undefined : frameworkCodes[code]
  if (known)
    return new AppError(known, message ?? errorTable[known].title, {
      ...(known === 'payload-too-large' ? { why: { key: 'too-many-bytes', limit: bodyLimit } } : {}),
      cause: error,
    })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('bad-request', message ?? 'The request cannot be understood', { cause: error })
  return new AppError('internal', 'The server could not answer; the log says why', { cause: error })
}

export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = appErrorFrom(error)
  if (known.status >= 500) request.log.error({ err: error, ...about(request) }, 'A request failed')
  return sendProblem(reply, known)
}
