// Typed fetch over the contract; runs in browsers and in Node.
import type { Route, RouteAnswer, RouteInput } from '../api/contract/route.ts'
import { ApiError, problemOf } from './api-error.ts'

export interface ClientOptions {
  /** Origin of the server, e.g. `http://127.0.0.1:7070`; empty in the browser. */
  baseUrl: string
  /** API token; without it the browser's session cookie speaks. */
  token?: string
  fetch?: typeof globalThis.fetch
}

/** Nothing to give when the route takes nothing (or a query only). */
type Args<R extends Route> =
  unknown extends RouteInput<R>
    ? [input?: { query?: never }, options?: CallOptions]
    : Record<never, never> extends RouteInput<R>
      ? [input?: RouteInput<R>, options?: CallOptions]
      : [input: RouteInput<R>, options?: CallOptions]

export interface CallOptions {
  signal?: AbortSignal
}

export interface Client {
  /**
   * Calls a route: `client.call(getExecution, { params: { id: '12' } })`.
   * Throws `ApiError` for every answer that is not a success and when the server cannot be reached.
   */
  call<R extends Route>(route: R, ...args: Args<R>): Promise<RouteAnswer<R>>
  /** The answer as it comes, for event streams. Throws `ApiError` as `call` does. */
  open<R extends Route>(route: R, input: RouteInput<R>, options?: OpenOptions): Promise<Response>
}

export interface OpenOptions extends CallOptions {
  /** The seq already seen. */
  lastEventId?: string
}

interface AnyInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** Path and query of a call, everything percent-encoded. */
export function urlOf(route: Route, input: AnyInput = {}): string {
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name])),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined) query.set(name, String(value))
  return query.size > 0 ? `${path}?${query}` : path
}

function requestOf(route: Route, input: AnyInput, token?: string): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (token) headers.authorization = `Bearer ${token}`
  if (route.media === 'event-stream') headers.accept = 'text/event-stream'
  const sendsBody = route.method !== 'GET' && route.body !== undefined
  if (sendsBody) headers['content-type'] = 'application/json'
  return {
    method: route.method,
    headers,
    credentials: 'same-origin',
    ...(sendsBody ? { body: JSON.stringify(input.body ?? {}) } : {}),
  }
}

export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)

  async function request(route: Route, input: AnyInput, extra: OpenOptions): Promise<Response> {
    const init = requestOf(route, input, options.token)
    if (extra.lastEventId) (init.headers as Record<string, string>)['last-event-id'] = extra.lastEventId
    const url = options.baseUrl + urlOf(route, input)
    const response = await send(url, extra.signal ? { ...init, signal: extra.signal } : init).catch(
      (cause: unknown) => {
        if (extra.signal?.aborted) throw cause
        throw new ApiError(unreachable(url), { cause })
      },
    )
    if (!response.ok) throw new ApiError(await problemOf(response))
    return response
  }

  return {
    async call(route, ...[input, extra]) {
      const response = await request(route, input ?? {}, extra ?? {})
      return (route.media === undefined ? await response.json() : await response.text()) as RouteAnswer<
        typeof route
      >
    },
    open: (route, input, extra) => request(route, input as AnyInput, extra ?? {}),
  }
}

const unreachable = (url: string) => ({
  type: 'about:blank',
  title: 'The server cannot be reached',
  status: 0,
  code: 'unreachable',
  detail: `No answer from ${url}`,
})
