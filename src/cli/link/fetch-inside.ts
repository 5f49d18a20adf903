// `fetch` into an application of this process: the same requests and answers as over the network, without a port.
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { House } from '../../compose.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export function fetchInside(app: House['app']): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const answer = await app.inject({
      method: (init.method ?? 'GET') as Method,
      url: String(input),
      headers: { ...(init.headers as Record<string, string>) },
      ...(init.body == null ? {} : { payload: String(init.body) }),
      payloadAsStream: true,
    })
    const stream = answer.stream()
    init.signal?.addEventListener('abort', () => stream.destroy(), { once: true })
    const isEmpty = answer.statusCode === 204 || answer.statusCode === 304
    const body = isEmpty ? null : (Readable.toWeb(stream) as ReadableStream<Uint8Array>)
    return new Response(body as BodyInit | null, {
      status: answer.statusCode,
      statusText: answer.statusMessage,
      headers: headersOf(answer.headers),
    })
  }
}

function headersOf(headers: Record<string, unknown>): Headers {
  const known = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value].flat()) if (one !== undefined) known.append(name, String(one))
  }
  return known
}
