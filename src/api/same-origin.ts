// Requests a browser sends by itself carry its cookie: those that change something must come from our own pages.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/errors.ts'

const readOnly = new Set(['GET', 'HEAD', 'OPTIONS'])
const writtenTypes = /^application\/(json|yaml|x-yaml)\b/

/** Whether an origin is the host that was asked, however either writes the usual port. */
function isOwn(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: named } = new URL(origin)
  const asked = `${protocol}//${host}`
  return named !== '' && URL.canParse(asked) && new URL(asked).host === named
}

/** Whether the headers prove, disprove or do not say that the request comes from our origin. */
function originOf(request: FastifyRequest): 'own' | 'foreign' | 'unknown' {
  const site = request.headers['sec-fetch-site']
  const { origin, host } = request.headers
  if (origin !== undefined) return isOwn(origin, host) ? 'own' : 'foreign'
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign'
  return 'unknown'
}

/** Throws `forbidden` for a state-changing request that another site may have caused. */
export function checkOrigin(request: FastifyRequest, byCookie: boolean): void {
  if (readOnly.has(request.method)) return
  const origin = originOf(request)
  if (origin === 'foreign')
    throw new AppError('forbidden', 'The request comes from another site', { why: { key: 'foreign-site' } })
  if (!byCookie) return
  if (origin === 'unknown')
    throw new AppError('forbidden', 'The request does not say where it comes from', {
      why: { key: 'foreign-site' },
    })
  const type = request.headers['content-type']
  if (type !== undefined && !writtenTypes.test(type))
    throw new AppError('forbidden', 'With a session cookie the body must be JSON')
}
