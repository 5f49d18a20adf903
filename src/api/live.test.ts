import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, grantCrew, openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, until } from '../../tests/helpers/engine.ts'
import { type Client, createClient } from '../client/client.ts'
import { readEvents } from '../client/events.ts'
import { getExecution, startExecution, terminateExecution } from './contract/executions.ts'
import { type ExecutionChange, executionEvents, type ListChange, listEvents } from './contract/live.ts'
import { skipRun } from './contract/node-runs.ts'

let api: TestApi
let baseUrl: string
const nodes = [
  { id: 'a', type: 'probe' },
  { id: 'd', type: 'delay', config: { for: '1h' } },
  { id: 'z', type: 'probe' },
]
beforeAll(async () => {
  api = await openApi({ beatMs: 200, pollMs: 60_000 })
  await publish(api.pool, chain('live', nodes))
  await publish(api.pool, { key: 'hidden' })
  await grantCrew(api.pool, 'live', 'run')
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  baseUrl = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`
})
afterAll(() => api.close())

const client = (actor: Actor): Client => createClient({ baseUrl, token: api.tokens[actor] })
const start = async () => (await api.as('operator').call(startExecution, { body: { workflow: 'live' } })).id
const cut = (id: string) => api.as('operator').call(skipRun, { params: { id, run: 'd' }, body: {} })

interface Follower {
  /** Events so far. */
  seen: { event: string; id: number; data: ExecutionChange }[]
  ended: Promise<void>
  leave(): void
}

async function follow(id: string, options: { lastEventId?: string } = {}): Promise<Follower> {
  const leaving = new AbortController()
  const response = await client('operator').open(
    executionEvents,
    { params: { id } },
    { ...options, signal: leaving.signal },
  )
  expect(response.headers.get('content-type')).toMatch('text/event-stream')
  const seen: Follower['seen'] = []
  const read = async () => {
    for await (const { event, id, data } of readEvents(response))
      seen.push({ event, id: Number(id), data: JSON.parse(data) as ExecutionChange })
  }
  return { seen, ended: read().catch(() => undefined), leave: () => leaving.abort() }
}

const waitsInDelay = ({ data }: Follower['seen'][number]) =>
  data.runs.some(({ id, status }) => id === 'd' && status === 'waiting')
const lastOf = (seen: Follower['seen']) =>
  Object.fromEntries(seen.flatMap(({ data }) => data.runs.map(({ id, status }) => [id, status])))

describe('following an execution', () => {
  it('tells what is, what changes, and ends with the execution', async () => {
    const id = await start()
    const { seen, ended } = await follow(id)
    await until(
      async () => seen,
      (events) => events.some(waitsInDelay),
    )
    await cut(id)
    await ended
    expect(lastOf(seen)).toEqual({ a: 'completed', d: 'completed', z: 'completed' })
    expect(seen.at(-1)).toMatchObject({
      event: 'end',
      data: { execution: { status: 'completed', acts: [] } },
    })
    const ids = seen.map((event) => event.id)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
  })

  it('goes on where it was cut off, without what was told before', async () => {
    const id = await start()
    const first = await follow(id)
    await until(
      async () => first.seen,
      (events) => events.some(waitsInDelay),
    )
    first.leave()
    await first.ended
    await cut(id)
    const second = await follow(id, { lastEventId: String(first.seen.at(-1)?.id) })
    await second.ended
    expect(lastOf(second.seen)).toEqual({ d: 'completed', z: 'completed' })
    const third = await follow(id, { lastEventId: String(second.seen.at(-1)?.id) })
    await third.ended
    expect(third.seen).toMatchObject([{ event: 'end', data: { runs: [] } }])
  })

  it('stays with one that has ended when asked to, and says every while that it is there', async () => {
    const id = await start()
    await cut(id)
    await until(
      () => api.as('operator').call(getExecution, { params: { id } }),
      ({ status }) => status === 'completed',
    )
    const leaving = new AbortController()
    const input = { params: { id }, query: { since: 0, stay: true } }
    const response = await client('operator').open(executionEvents, input, { signal: leaving.signal })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk)
      if (text.includes('event: beat')) break
    }
    leaving.abort()
    expect(text).toContain('event: change')
    expect(text).not.toContain('event: end')
  })

  it('is refused to those who may not see it', async () => {
    const id = await start()
    const open = client('stranger').open(executionEvents, { params: { id } })
    await expect(open).rejects.toMatchObject({ status: 404 })
    await api.as('operator').call(terminateExecution, { params: { id }, body: { reason: 'seen' } })
  })

  it('ends when the right to see it is withdrawn', async () => {
    const id = await start()
    const { ended } = await follow(id)
    await api.pool.run("delete from fermata.grants where role = 'crew' and workflow = 'live'")
    await ended
    await grantCrew(api.pool, 'live', 'run')
    await api.as('operator').call(terminateExecution, { params: { id }, body: { reason: 'seen' } })
  })
})

describe('following the list', () => {
  it('names what changes, of what one may see', async () => {
    const leaving = new AbortController()
    const response = await client('operator').open(listEvents, {}, { signal: leaving.signal })
    const seen: ListChange['items'] = []
    const read = (async () => {
      for await (const { data } of readEvents(response)) seen.push(...(JSON.parse(data) as ListChange).items)
    })().catch(() => undefined)
    await api.as('admin').call(startExecution, { body: { workflow: 'hidden', waitMs: 5000 } })
    const id = await start()
    await until(
      async () => seen,
      (items) => items.some((item) => item.id === id && item.waiting),
    )
    expect(new Set(seen.map(({ workflow }) => workflow))).toEqual(new Set(['live']))
    // How long it took is shown without asking for the row.
    await api.as('admin').call(terminateExecution, { params: { id }, body: { reason: 'seen' } })
    const ended = await until(
      async () => seen.findLast((item) => item.id === id),
      (item) => item?.status === 'canceled',
    )
    expect(ended).toMatchObject({ startedAt: expect.any(String), endedAt: expect.any(String) })
    leaving.abort()
    await read
  })

  it('is silent about a workflow from the moment on which the right to see it is withdrawn', async () => {
    await publish(api.pool, { key: 'stays' })
    await grantCrew(api.pool, 'stays', 'view')
    const leaving = new AbortController()
    const response = await client('operator').open(listEvents, {}, { signal: leaving.signal })
    let seen: string[] = []
    const read = (async () => {
      for await (const { data } of readEvents(response))
        seen.push(...(JSON.parse(data) as ListChange).items.map(({ workflow }) => workflow))
    })().catch(() => undefined)
    const startBoth = async () => {
      seen = []
      for (const workflow of ['live', 'stays'])
        await api.as('admin').call(startExecution, { body: { workflow } })
      return until(
        async () => seen,
        (workflows) => workflows.includes('stays'),
      )
    }
    expect(await startBoth()).toContain('live')
    await api.pool.run("delete from fermata.grants where role = 'crew' and workflow = 'live'")
    // Looked at with the next heartbeat.
    await until(startBoth, (workflows) => !workflows.includes('live'))
    expect(await startBoth()).not.toContain('live')
    await grantCrew(api.pool, 'live', 'run')
    leaving.abort()
    await read
  })
})
