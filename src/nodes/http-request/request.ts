// From config and connection to what is sent.
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { readDuration } from '../../sdk/duration.ts'
import type { HttpOptions, RunContext } from '../../sdk/node-type.ts'
import type { Body, Config } from './config.ts'

export interface Request {
  url: string
  options: HttpOptions & { method: string; headers: Record<string, string> }
}

/** Throws AppError `bad-request` for a URL or a header that is none, `not-found` for an unknown connection. */
export async function buildRequest(ctx: RunContext<Config>): Promise<Request> {
  const { config } = ctx
  const connection = config.connection === undefined ? {} : await ctx.connection(config.connection)
  const method = config.method ?? 'GET'
  const sends = method !== 'GET' && method !== 'HEAD'
  const body = sends && config.body ? encodeBody(config.body) : undefined
  const headers = mergeHeaders(
    body ? { 'content-type': body.contentType } : {},
    sends ? { 'idempotency-key': ctx.idempotencyKey } : {},
    toTexts(isJsonObject(connection.headers) ? connection.headers : {}),
    credentials(connection),
    toTexts(config.headers ?? {}),
  )
  const options = {
    method,
    headers,
    timeoutMs: readDuration(config.timeout, 30_000),
    ...(body ? { body: body.content } : {}),
    ...(config.maxBytes === undefined ? {} : { maxBytes: config.maxBytes }),
  }
  return { url: buildUrl(config, connection), options }
}

function buildUrl(config: Config, connection: JsonObject): string {
  const url = resolveUrl(config.url, typeof connection.baseUrl === 'string' ? connection.baseUrl : undefined)
  for (const [key, value] of Object.entries(config.query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) url.searchParams.append(key, toText(item))
    }
  }
  return url.href
}

function resolveUrl(text: string, base: string | undefined): URL {
  const url = base === undefined ? URL.parse(text) : underBase(text, base)
  if (!url) throw new AppError('bad-request', `"${text}" is not a URL`, { pointer: '/url' })
  return url
}

/** Credentials belong to the base: a URL that leaves it would carry them to somebody else. */
function underBase(text: string, base: string): URL | null {
  const root = URL.parse(base.endsWith('/') ? base : `${base}/`)
  const url = root && URL.parse(text.replace(/^\/+/, ''), root.href)
  if (!root || !url) return null
  if (url.origin === root.origin && url.pathname.startsWith(root.pathname)) return url
  throw new AppError('bad-request', 'The URL leaves the base URL of the connection', { pointer: '/url' })
}

function credentials(connection: JsonObject): Record<string, string> {
  const { token, user, password } = connection
  if (typeof token === 'string' && token !== '') return { authorization: `Bearer ${token}` }
  if (typeof user !== 'string' || user === '') return {}
  const pair = Buffer.from(`${user}:${String(password ?? '')}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}

/** The later wins, whatever the case of the name. */
function mergeHeaders(...sources: Record<string, string>[]): Record<string, string> {
  const merged = sources.flatMap((source) => Object.entries(source))
  return Object.fromEntries(merged.map(([name, value]) => [name.toLowerCase(), value]))
}

function toTexts(values: JsonObject): Record<string, string> {
  const set = Object.entries(values).filter(([, value]) => value !== null)
  return Object.fromEntries(set.map(([name, value]) => [checkName(name), checkValue(name, toText(value))]))
}

function checkName(name: string): string {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return name
  throw new AppError('bad-request', `"${name}" is not the name of a header`, { pointer: '/headers' })
}

function checkValue(name: string, value: string): string {
  if (!/[\r\n\0]/.test(value)) return value
  throw new AppError('bad-request', `The header ${name} may not hold a line break`, { pointer: '/headers' })
}

const toText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)

function encodeBody(body: Body): { content: string; contentType: string } {
  if ('json' in body) return { content: JSON.stringify(body.json), contentType: 'application/json' }
  if ('text' in body)
    return { content: toText(body.text), contentType: body.contentType ?? 'text/plain; charset=utf-8' }
  const fields = Object.entries(body.form).filter(([, value]) => value !== null)
  const form = new URLSearchParams(fields.map(([name, value]) => [name, toText(value)]))
  return { content: form.toString(), contentType: 'application/x-www-form-urlencoded' }
}
