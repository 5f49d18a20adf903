// What a person reads when a command fails: the sentence, the code, what to do. Stacks only with FERMATA_DEBUG.
import { ApiError } from '../client/api-error.ts'
import { AppError } from '../core/errors.ts'
import { type Io, note, paint } from './io.ts'

interface Failure {
  code: string
  detail: string
  pointer?: string | undefined
  problems?: readonly { message: string; pointer: string }[] | undefined
}

const advice: Record<string, string> = {
  unauthenticated:
    'Set FERMATA_TOKEN to a token made by: npm run fermata -- token create --user <you> --name cli',
  unreachable: 'Is the server running? Start it with npm start, or unset FERMATA_URL to work without one.',
  'illegal-act': 'See what is possible now: npm run fermata -- show <id>',
  'not-published': 'Publish it: npm run fermata -- import <file> --publish',
  'target-locked': 'Wait for the other execution: npm run fermata -- executions --status running',
  unavailable: 'Look closer: npm run fermata -- doctor',
  internal: 'Set FERMATA_DEBUG=1 to see where it happened.',
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { code, detail, pointer, problems } = error.problem
    return { code, detail, pointer, problems }
  }
  if (error instanceof AppError) {
    const { pointer, problems } = error.details
    return { code: error.code, detail: error.message, pointer, problems }
  }
  return { code: 'internal', detail: error instanceof Error ? error.message : String(error) }
}

/** To the error stream; with `json` as one object. */
export function reportError(io: Io, error: unknown, json: boolean): void {
  const failure = failureOf(error)
  if (json) note(io, JSON.stringify({ error: failure }, null, 2))
  else describe(io, failure)
  if (io.env.FERMATA_DEBUG && error instanceof Error) note(io, error.stack ?? '')
}

function describe(io: Io, { code, detail, pointer, problems = [] }: Failure): void {
  const at = pointer && !detail.includes(pointer) ? ` at ${pointer}` : ''
  note(io, `${paint(io.stderr, 'red', '✖')} ${detail} ${paint(io.stderr, 'dim', `(${code}${at})`)}`)
  if (problems.length > 1) {
    for (const problem of problems) note(io, `  ${problem.pointer}: ${problem.message}`)
  }
  const next = advice[code]
  if (next) note(io, `  ${next}`)
}
