// What can go wrong between here and the service, in plain words.
import { AppError } from '../../core/errors.ts'
import { type Fail, fail } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'

const words: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  UND_ERR_SOCKET: 'broke the connection',
  ENOTFOUND: 'has a host name that is not known',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that nobody vouches for',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that nobody vouches for',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that nobody vouches for',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name',
}

/** `place` is the URL without what may be secret. */
export function toFailure(error: unknown, place: string): Fail {
  const codes = codesOf(error)
  if (codes.some((code) => /timeout|timed-out|ETIMEDOUT/i.test(code))) {
    return fail('timed-out', 'http-timeout', `${place} did not answer in time`)
  }
  if (codes.includes('response-too-large') || codes.includes('payload-too-large')) {
    return fail('failed', 'response-too-large', `The answer of ${place} is larger than allowed`)
  }
  const unusable = codes.find((code) => code === 'too-many-redirects' || code === 'bad-encoding')
  if (unusable !== undefined) return fail('failed', unusable, `${place}: ${messageOf(error)}`)
  const isOurs = error instanceof AppError && error.code !== 'unavailable'
  if (isOurs) return failFrom(error)
  const known = codes.find((code) => code in words)
  const what = known === undefined ? `could not be called: ${messageOf(error)}` : words[known]
  return fail('error', 'http-network', `${place} ${what}`, known === undefined ? undefined : { cause: known })
}

/** Codes and names of an error and of what caused it, outermost first. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
    codes.push(at.name)
    at = at instanceof AppError ? at.details.cause : (at.cause ?? firstOf(at))
  }
  return codes
}

/** Happy eyeballs fail with one error per address. */
function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
