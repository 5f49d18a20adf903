// Where an answer sends us, and what may travel there.
import { AppError } from '../../core/errors.ts'

export interface Request {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | Uint8Array | undefined
}

// Everything else may say who we are: credentials come as cookies, as `authorization`, as `x-api-key` …
const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent'])

/** Throws `bad-request` or `outbound-refused`. */
export function checkUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (!url) throw new AppError('bad-request', `"${text}" is not a URL`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('outbound-refused', `Only http and https may be called, not ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('outbound-refused', 'A URL may not hold a user name or a password; use a connection')
  }
  return url
}

/** The request that follows a redirect; undefined when the answer is none. */
export function followRedirect(request: Request, status: number, location?: string): Request | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  const url = checkUrl(location, request.url)
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new AppError('outbound-refused', `${request.url.host} leads from https to http`)
  }
  const turned = turnsIntoGet(request.method, status)
  const kept = Object.entries(request.headers).filter(([name]) => {
    if (turned && name.startsWith('content-')) return false
    return url.origin === request.url.origin || harmless.has(name)
  })
  return {
    url,
    method: turned ? 'GET' : request.method,
    headers: Object.fromEntries(kept),
    body: turned ? undefined : request.body,
  }
}

// As browsers do (Fetch standard, HTTP-redirect fetch).
function turnsIntoGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
