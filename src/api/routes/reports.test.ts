// Reports over executions that the real engine ran, moved to where they are needed in time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish, until } from '../../../tests/helpers/engine.ts'
import {
  recentFailures,
  reportFailures,
  reportNodes,
  reportNodeTypes,
  reportTimeline,
  reportWorkflows,
} from '../contract/reports.ts'

let api: TestApi
const by = { name: 'operator' }
const fail = (message: string) => ({ type: 'fail', kind: 'failed', code: 'no', message }) as const

async function run(workflow: string, end: string, target?: { collection: string; id: string }) {
  const { id } = await api.engine.start({ workflow, by, ...(target ? { target } : {}) })
  expect(await api.engine.waitForEnd(id, 5000)).toBe(end)
  return id
}

const move = (id: string, at: string) =>
  api.pool.run(
    `update fermata.executions set created_at = $2, started_at = $2, ended_at = $2::timestamptz + interval '4 s' where id = $1`,
    [id, at],
  )

beforeAll(async () => {
  api = await openApi()
  const probe = { id: 'a', type: 'probe', title: 'Knock' }
  await publish(api.pool, {
    ...chain('seen', [probe, { id: 'b', type: 'set', config: { values: {} } }]),
    title: 'Seen',
  })
  await publish(api.pool, chain('hidden', [{ id: 'a', type: 'probe' }]))
  await publish(
    api.pool,
    chain('flaky', [{ id: 'a', type: 'probe', policy: { retry: { attempts: 2, delay: '1ms' } } }]),
  )
  await publish(api.pool, {
    ...chain('wide', [{ id: 'all', type: 'probe', bind: { path: 'apps' } }]),
    target: { collection: 'unit' },
  })
  await publish(api.pool, {
    ...chain('looped', [
      { id: 'each', type: 'loop', config: { times: 2 } },
      { id: 'inside', type: 'probe', parent: 'each' },
    ]),
    edges: [],
  })
  await publish(
    api.pool,
    chain('sober', [{ id: 'no', type: 'end', config: { status: 'failed', message: 'Too late' } }]),
  )
  for (const workflow of ['seen', 'flaky', 'wide', 'looped', 'sober'])
    await grantCrew(api.pool, workflow, 'view')
  await run('seen', 'completed')
  await run('hidden', 'completed')
  api.probe.answer = () => fail('Host 12 said "busy"')
  await run('seen', 'failed')
  api.probe.answer = () => fail('Host 7 said "idle"')
  await run('seen', 'failed')
  await run('hidden', 'failed')
  await run('looped', 'failed')
  api.probe.answer = ({ run: { attempt } }) =>
    attempt < 3 ? { type: 'fail', kind: 'error', code: 'busy', message: 'Busy' } : { type: 'done' }
  await run('flaky', 'completed')
  api.probe.answer = () => ({ type: 'done' })
  await run('sober', 'failed')
})
afterAll(() => api.close())

describe('the report of workflows', () => {
  it('counts ends, and holds only what the caller may see', async () => {
    const { items } = await api.as('operator').call(reportWorkflows)
    expect(items.map(({ workflow }) => workflow).sort()).toEqual(['flaky', 'looped', 'seen', 'sober'])
    const seen = items.find(({ workflow }) => workflow === 'seen')
    expect(seen).toMatchObject({ title: 'Seen', runs: 3, completed: 1, failed: 2, success: 1 / 3 })
    expect(seen?.p50).toBeGreaterThanOrEqual(0)
    expect((await api.as('stranger').call(reportWorkflows)).items).toEqual([])
    const all = (await api.as('admin').call(reportWorkflows)).items
    expect(all.find(({ workflow }) => workflow === 'hidden')).toMatchObject({ runs: 2 })
  })

  it('leaves out tests of drafts, and what was created at another time', async () => {
    const id = await run('sober', 'failed')
    await api.pool.run('update fermata.executions set test = true where id = $1', [id])
    const { items } = await api.as('operator').call(reportWorkflows, { query: { workflow: 'sober' } })
    expect(items).toMatchObject([{ runs: 1 }])
    const query = { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' }
    expect((await api.as('operator').call(reportWorkflows, { query })).items).toEqual([])
  })

  it('refuses a time that is none, or is too long', async () => {
    const from = encodeURIComponent('2026-01-02T00:00:00.000Z')
    for (const to of ['2026-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z']) {
      const answer = await api.call(
        'operator',
        `GET /api/v1/reports/workflows?from=${from}&to=${encodeURIComponent(to)}`,
      )
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request', pointer: '/from' } })
    }
  })
})

describe('the report of nodes', () => {
  it('counts each attempt, and tells runs from retries', async () => {
    const { items } = await api.as('operator').call(reportNodes, { params: { key: 'flaky' } })
    expect(items).toMatchObject([
      { node: 'a', type: 'probe', runs: 1, retries: 2, completed: 1, failed: 2, success: 1 / 3 },
    ])
  })

  it('names nodes by their titles', async () => {
    const { items } = await api.as('operator').call(reportNodes, { params: { key: 'seen' } })
    expect(items.map(({ node, title, runs }) => [node, title, runs])).toEqual([
      ['a', 'Knock', 3],
      ['b', 'b', 1],
    ])
  })

  it('counts records, not their sum', async () => {
    await run('wide', 'completed', { collection: 'unit', id: 'u1' })
    const { items } = await api.as('operator').call(reportNodes, { params: { key: 'wide' } })
    expect(items).toMatchObject([{ node: 'all', runs: 3, completed: 3 }])
    await api.pool.run(`delete from fermata.executions where workflow = 'wide'`)
  })

  it('is not there for those who may not see the workflow', async () => {
    const answer = await api.call('operator', 'GET /api/v1/reports/workflows/hidden/nodes')
    expect(answer.status).toBe(404)
  })

  it('gathers them by type', async () => {
    const { items } = await api.as('operator').call(reportNodeTypes)
    const runs = new Map(items.map(({ type, runs }) => [type, runs]))
    // Three of `seen`, one of `flaky`, and the first of the loop, which stops at it.
    expect(runs.get('probe')).toBe(5)
    expect(runs.get('loop')).toBe(1)
    expect(runs.get('end')).toBe(1)
  })
})

describe('the timeline', () => {
  const at = '2026-03-28T23:30:00.000Z'

  it('has a part for every hour, empty ones too', async () => {
    const { unit, items } = await api.as('operator').call(reportTimeline)
    expect(unit).toBe('day')
    expect(items.reduce((sum, { runs }) => sum + runs, 0)).toBe(6)
    const day = { from: new Date(Date.now() - 86_400_000).toISOString() }
    const hours = await api.as('operator').call(reportTimeline, { query: day })
    expect(hours.unit).toBe('hour')
    expect([24, 25]).toContain(hours.items.length)
    expect(hours.items.slice(0, 20).every(({ runs, success }) => runs === 0 && success === undefined)).toBe(
      true,
    )
  })

  it('cuts days where they begin in the time zone, also on the day clocks change', async () => {
    await move(await run('seen', 'completed'), at)
    const query = {
      from: '2026-03-27T23:00:00.000Z',
      to: '2026-03-31T22:00:00.000Z',
      timeZone: 'Europe/Berlin',
      workflow: 'seen',
    }
    const { items } = await api.as('operator').call(reportTimeline, { query })
    expect(items.map(({ from, runs }) => [from, runs])).toEqual([
      ['2026-03-27T23:00:00.000Z', 0],
      ['2026-03-28T23:00:00.000Z', 1],
      ['2026-03-29T22:00:00.000Z', 0],
      ['2026-03-30T22:00:00.000Z', 0],
    ])
    expect(items[1]).toMatchObject({ p50: 4000, p95: 4000, to: '2026-03-29T22:00:00.000Z' })
  })

  it('counts node runs when a node or a type is named', async () => {
    const query = { from: '2026-03-28T00:00:00.000Z', to: '2026-03-29T22:00:00.000Z' }
    const total = async (more: object) =>
      (await api.as('operator').call(reportTimeline, { query: { ...query, ...more } })).items.reduce(
        (sum, { runs }) => sum + runs,
        0,
      )
    expect(await total({})).toBe(1)
    expect(await total({ nodeType: 'set' })).toBe(1)
    expect(await total({ workflow: 'seen', node: 'a' })).toBe(1)
    expect(await total({ nodeType: 'loop' })).toBe(0)
  })

  it('refuses a node of no workflow, and a zone that does not exist', async () => {
    for (const [asked, pointer] of [
      ['node=a', '/workflow'],
      ['timeZone=Mars', '/timeZone'],
    ]) {
      const answer = await api.call('operator', `GET /api/v1/reports/timeline?${asked}`)
      expect(answer).toMatchObject({ status: 400, body: { pointer } })
    }
  })
})

describe('failures', () => {
  it('are grouped by workflow, node and error, whatever numbers and names are in it', async () => {
    const { items } = await api.as('operator').call(reportFailures)
    expect(items.map(({ workflow, node, code, count }) => [workflow, node, code, count])).toEqual(
      expect.arrayContaining([
        ['seen', 'a', 'no', 2],
        ['flaky', 'a', 'busy', 2],
        ['looped', 'inside', 'no', 1],
      ]),
    )
    const seen = items.find(({ workflow }) => workflow === 'seen')
    expect(seen).toMatchObject({ nodeTitle: 'Knock', message: 'Host 7 said "idle"', executions: 2 })
    // The loop failed because of what is inside it: one failure, not two.
    expect(items.filter(({ workflow }) => workflow === 'looped')).toHaveLength(1)
  })

  it('hold an end that no node brought about by failing', async () => {
    const { items } = await api.as('operator').call(reportFailures, { query: { workflow: 'sober' } })
    expect(items).toMatchObject([{ workflow: 'sober', message: 'Too late', count: 1 }])
    expect(items[0]).not.toHaveProperty('node')
  })

  it('of the last day hold what ended badly and what is held', async () => {
    const { items } = await api.as('operator').call(recentFailures)
    expect(items.map(({ workflow, node, count, held }) => [workflow, node, count, held])).toEqual(
      expect.arrayContaining([
        ['seen', 'a', 2, 0],
        ['sober', undefined, 1, 0],
      ]),
    )
    expect(items.map(({ workflow }) => workflow)).not.toContain('hidden')
    await publish(api.pool, {
      ...chain('holding', [{ id: 'a', type: 'probe' }]),
      settings: { onFailure: 'hold' },
    })
    await grantCrew(api.pool, 'holding', 'view')
    api.probe.answer = () => fail('Look at me')
    const { id } = await api.engine.start({ workflow: 'holding', by })
    const found = await until(
      async () => (await api.as('operator').call(recentFailures)).items,
      (rows) => rows.some(({ workflow }) => workflow === 'holding'),
    )
    expect(found[0]).toMatchObject({ workflow: 'holding', node: 'a', held: 1, count: 1, lastExecution: id })
  })
})
