// The one error table. A code is stable: clients, translations and docs refer to it.

import type { Why } from './why.ts'

export const errorTable = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-document': { status: 400, title: 'The workflow document is not valid' },
  'invalid-inputs': { status: 400, title: 'The inputs do not fit the workflow' },
  'invalid-expression': { status: 400, title: 'The expression is not valid' },
  'invalid-path': { status: 400, title: 'The path is not valid' },
  'invalid-collection': { status: 400, title: 'The definition of a collection is not valid' },
  'invalid-record': { status: 400, title: 'The record does not fit its collection' },
  'invalid-binding': { status: 400, title: 'The binding is not valid' },
  'invalid-timing': { status: 400, title: 'The times of the schedule are not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'wrong-password': { status: 401, title: 'User name or password is wrong' },
  'link-expired': { status: 401, title: 'This sign-in link was used or has expired' },
  forbidden: { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Something else changed this first' },
  'already-exists': { status: 409, title: 'This exists already' },
  'in-use': { status: 409, title: 'This is in use' },
  'illegal-act': { status: 409, title: 'This act is not possible in the present status' },
  'not-published': { status: 409, title: 'The workflow has no published version' },
  'target-locked': { status: 409, title: 'Another execution works on the same records' },
  'payload-too-large': { status: 413, title: 'The payload is too large' },
  'unsupported-media-type': { status: 415, title: 'This media type is not read here' },
  'too-deep': { status: 400, title: 'The JSON is nested too deeply' },
  'too-many-requests': { status: 429, title: 'Too many attempts; wait a moment' },
  'limit-exceeded': { status: 422, title: 'A limit of this system would be exceeded' },
  'outbound-refused': { status: 422, title: 'This address may not be called from here' },
  'sql-failed': { status: 422, title: 'The database refused the statement' },
  'config-invalid': { status: 500, title: 'The configuration is not valid' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'The service is not ready' },
} as const

export type ErrorCode = keyof typeof errorTable

export interface ErrorDetails {
  /** What exactly was refused, for clients that say it in their own words. */
  why?: Why | undefined
  /** JSON pointer to the field at fault, e.g. `/nodes/2/config/url`. */
  pointer?: string
  /** Character offsets into the text at fault (expressions, paths). */
  span?: readonly [start: number, end: number]
  /** Every problem found, when there is more than one. */
  problems?: readonly Problem[]
  /** For `forbidden`: the permission that is missing. */
  permission?: string
  /** For `too-many-requests`: when it is worth trying again. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** One located complaint about a piece of input. */
export interface Problem {
  code: string
  message: string
  why?: Why | undefined
  pointer: string
  node?: string
  span?: readonly [start: number, end: number]
}

/** The only error class that is thrown on purpose; becomes an RFC 9457 answer at the API. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, detail: string, details: ErrorDetails = {}) {
    super(detail, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  get status(): number {
    return errorTable[this.code].status
  }
}
