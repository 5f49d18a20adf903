// `ctx.http`: one request with its redirects, each hop checked like the first.
import type { Agent, Dispatcher } from 'undici'
import { AppError } from '../../core/errors.ts'
import type { HttpAnswer, HttpOptions } from '../../sdk/node-type.ts'
import { acceptedEncodings, decodeBody, tooLarge } from './decode-body.ts'
import { HttpError } from './http-error.ts'
import { checkUrl, followRedirect, type Request } from './redirect.ts'

const defaults = { timeoutMs: 30_000, maxBytes: 1024 * 1024, maxRedirects: 5 }

/** Set by the client itself; from outside they would change whom we talk to, or where a request ends. */
const ours = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

interface Call {
  agent: Agent
  signal: AbortSignal
  maxBytes: number
}

/**
 * Answers any status; with `maxRedirects: 0` a redirect is an answer too. Throws AppError `outbound-refused` or
 * `bad-request`, HttpError `http-timeout`, `response-too-large`, `too-many-redirects` or `bad-encoding`, the
 * system's error (`ECONNREFUSED` …), or the reason of `signal`.
 */
export async function guardedHttp(
  agent: Agent,
  { url, options = {} }: { url: string; options?: HttpOptions | undefined },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted()
  const { timeoutMs = defaults.timeoutMs, maxBytes = defaults.maxBytes } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  const call: Call = { agent, signal: AbortSignal.any([signal, timeout]), maxBytes }
  try {
    return await follow(call, firstRequest(url, options), options.maxRedirects ?? defaults.maxRedirects)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (timeout.aborted) throw new HttpError('http-timeout', `No answer within ${timeoutMs} ms`, error)
    throw error
  }
}

function firstRequest(text: string, options: HttpOptions): Request {
  const url = checkUrl(text)
  const headers: Record<string, string> = { 'accept-encoding': acceptedEncodings }
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    const key = name.toLowerCase()
    if (ours.has(key) || key.startsWith('proxy-')) {
      throw new AppError('bad-request', `The header ${name} cannot be set`, { pointer: '/headers' })
    }
    headers[key] = value
  }
  return { url, method: (options.method ?? 'GET').toUpperCase(), headers, body: options.body }
}

async function follow(call: Call, first: Request, maxRedirects: number): Promise<HttpAnswer> {
  let request = first
  for (let hop = 0; ; hop += 1) {
    const answer = await send(call, request)
    const next = maxRedirects > 0 ? await nextRequest(request, answer) : undefined
    if (!next) return await read(call, answer, request.method)
    if (hop === maxRedirects) {
      throw new HttpError('too-many-redirects', `The answer redirects more than ${maxRedirects} times`)
    }
    request = next
  }
}

/** Of a redirect nothing but the header is read. */
async function nextRequest(request: Request, answer: Dispatcher.ResponseData): Promise<Request | undefined> {
  const { location } = answer.headers
  const target = Array.isArray(location) ? location[0] : location
  let next: Request | undefined
  try {
    next = followRedirect(request, answer.statusCode, target)
    return next
  } catch (error) {
    answer.body.on('error', () => undefined).destroy()
    throw error
  } finally {
    if (next) await answer.body.dump({ limit: 64 * 1024 })
  }
}

async function send({ agent, signal }: Call, request: Request): Promise<Dispatcher.ResponseData> {
  const { url, method, headers, body } = request
  return agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers,
    body: body ?? null,
    signal,
  })
}

async function read(call: Call, answer: Dispatcher.ResponseData, method: string): Promise<HttpAnswer> {
  const headers = flatten(answer.headers)
  const hasBody = method !== 'HEAD'
  const raw = await collect(answer, hasBody ? call.maxBytes : 0)
  const body = await decodeBody(raw, headers['content-encoding'] ?? '', call.maxBytes)
  return {
    status: answer.statusCode,
    statusText: answer.statusText,
    headers,
    body,
    text: () => decoderFor(headers['content-type']).decode(body),
  }
}

async function collect(answer: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return []
    return [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const]
  })
  return Object.fromEntries(entries)
}

function decoderFor(contentType = ''): TextDecoder {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder('utf-8')
  }
}
