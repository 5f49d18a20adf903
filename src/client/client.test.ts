import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type ExecutionDetail,
  getExecution,
  listExecutions,
  startExecution,
} from '../api/contract/executions.ts'
import { skipRun } from '../api/contract/node-runs.ts'
import { getMe } from '../api/contract/session.ts'
import { ApiError } from './api-error.ts'
import { createClient, urlOf } from './client.ts'
import { readEvents, type ServerEvent } from './events.ts'

interface Seen {
  url: string
  init: RequestInit
}

function clientAnswering(response: () => Response) {
  const seen: Seen[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    seen.push({ url: String(url), init: init ?? {} })
    return response()
  }
  return {
    seen,
    client: createClient({ baseUrl: 'http://x', token: 't', fetch: fetch as typeof globalThis.fetch }),
  }
}

describe('client', () => {
  it('encodes every part of the URL, slashes of run ids too', () => {
    expect(urlOf(skipRun, { params: { id: '7', run: 'each[41]/restart' } })).toBe(
      '/api/v1/executions/7/node-runs/each%5B41%5D%2Frestart/skip',
    )
    expect(urlOf(listExecutions, { query: { q: 'a b&c', cursor: undefined } })).toBe(
      '/api/v1/executions?q=a+b%26c',
    )
  })

  it('sends the token and a JSON body, and answers what the route answers', async () => {
    const { client, seen } = clientAnswering(() => Response.json({ id: '5' }, { status: 201 }))
    const started = await client.call(startExecution, { body: { workflow: 'w' } })
    expect(started.id).toBe('5')
    expect(seen[0]?.url).toBe('http://x/api/v1/executions')
    expect(seen[0]?.init).toMatchObject({
      method: 'POST',
      body: '{"workflow":"w"}',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    })
  })

  it('types input and answer by the route', () => {
    const { client } = clientAnswering(() => Response.json({}))
    expectTypeOf(client.call(getExecution, { params: { id: '1' } })).resolves.toEqualTypeOf<ExecutionDetail>()
    expectTypeOf(client.call(getMe)).resolves.toHaveProperty('roles')
    expectTypeOf(client.call(listExecutions)).resolves.toHaveProperty('items')
    expectTypeOf(() => {
      // @ts-expect-error the id is missing
      void client.call(getExecution)
      // @ts-expect-error not an act of the contract
      void client.call(startExecution, { body: { workflo: 'w' } })
    }).toBeFunction()
  })

  it('throws the problem the server answered', async () => {
    const { client } = clientAnswering(() =>
      Response.json(
        { type: 't', title: 'Not found', status: 404, code: 'not-found', detail: 'no such' },
        { status: 404, headers: { 'content-type': 'application/problem+json' } },
      ),
    )
    const error = await client.call(getMe).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'not-found', status: 404, message: 'no such' })
  })

  it('throws a problem of its own when the answer is no problem or no server answers', async () => {
    const { client } = clientAnswering(() => new Response('<html>', { status: 502 }))
    await expect(client.call(getMe)).rejects.toMatchObject({ code: 'http-error', status: 502 })
    const offline = createClient({
      baseUrl: 'http://x',
      fetch: () => Promise.reject(new TypeError('refused')),
    })
    await expect(offline.call(getMe)).rejects.toMatchObject({ code: 'unreachable', status: 0 })
  })
})

describe('readEvents', () => {
  it('reads events split anywhere and leaves heartbeats out', async () => {
    const text =
      'event: beat\ndata: {}\n\nevent: change\nid: 4\ndata: {"a":\ndata: "ж"}\n\nid: 5\ndata: 2\n\n'
    const bytes = new TextEncoder().encode(text)
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const events: ServerEvent[] = []
    for await (const event of readEvents(new Response(body))) events.push(event)
    expect(events).toEqual([
      { event: 'change', id: '4', data: '{"a":\n"ж"}' },
      { event: 'message', id: '5', data: '2' },
    ])
  })
})
