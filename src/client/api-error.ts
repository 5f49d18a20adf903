import type { ProblemAnswer } from '../api/contract/shapes.ts'

/** An answer that is not a success; `problem` is what the server said (RFC 9457). */
export class ApiError extends Error {
  readonly problem: ProblemAnswer

  constructor(problem: ProblemAnswer, options?: ErrorOptions) {
    super(problem.detail, options)
    this.name = 'ApiError'
    this.problem = problem
  }

  /** Of the error table, or `unreachable` when no server answered. */
  get code(): string {
    return this.problem.code
  }

  /** HTTP status; 0 when no server answered. */
  get status(): number {
    return this.problem.status
  }
}

/** Asking again would be answered the same, until somebody changes something. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && error.code !== 'too-many-requests'

/** What was asked for by its id is not there, or not for this user; an id of another shape names nothing either. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status === 404 || (error.status === 400 && /^\/(id|key)$/.test(error.problem.pointer ?? '')))

/** The problem of an answer, made up from its status when its body is none. */
export async function problemOf(response: Response): Promise<ProblemAnswer> {
  const fallback = {
    type: 'about:blank',
    title: response.statusText || 'The request failed',
    status: response.status,
    code: 'http-error',
    detail: `The server answered ${response.status}`,
  }
  if (!response.headers.get('content-type')?.includes('json')) return fallback
  const body: unknown = await response.json().catch(() => undefined)
  return typeof body === 'object' && body !== null ? { ...fallback, ...body } : fallback
}
