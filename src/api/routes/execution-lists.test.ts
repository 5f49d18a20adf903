import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish, until } from '../../../tests/helpers/engine.ts'
import { actOnExecutions, getStrip } from '../contract/execution-lists.ts'
import { exportExecutions, getExecution, listExecutions } from '../contract/executions.ts'
import { deleteView, listViews, saveView } from '../contract/saved-views.ts'

let api: TestApi
const by = { name: 'admin' }
const nap = [{ id: 'd', type: 'delay', config: { for: '1h' } }]

beforeAll(async () => {
  api = await openApi()
  for (const key of ['mine', 'watched', 'hidden']) await publish(api.pool, chain(key, nap))
  await publish(api.pool, chain('quick', [{ id: 'a', type: 'set', config: { values: { x: 1 } } }]))
  await publish(api.pool, { ...chain('part', nap), kind: 'sub' })
  await publish(api.pool, chain('whole', [{ id: 'p', type: 'workflow', config: { workflow: 'part' } }]))
  for (const key of ['mine', 'quick', 'part']) await grantCrew(api.pool, key, 'run')
  await grantCrew(api.pool, 'watched', 'view')
})
afterAll(() => api.close())

const start = async (workflow: string) => (await api.engine.start({ workflow, by })).id
const act = async (actor: Actor, body: Parameters<typeof asBody>[0]) =>
  (await api.as(actor).call(actOnExecutions, { body: asBody(body) })).items
const asBody = (body: { act: 'pause' | 'resume' | 'terminate' | 'retry'; ids: string[]; reason?: string }) =>
  body
const statusOf = async (id: string) => (await api.as('admin').call(getExecution, { params: { id } })).status

describe('an act on many executions', () => {
  it('is judged for each: done, not legal now, not granted, not there', async () => {
    const [mine, ended, watched, hidden] = [
      await start('mine'),
      await start('quick'),
      await start('watched'),
      await start('hidden'),
    ]
    await api.engine.waitForEnd(ended, 5000)
    const ids = [mine, ended, watched, hidden, '999999999', mine]
    const items = await act('operator', { act: 'terminate', ids, reason: 'Maintenance' })
    expect(items.map(({ id, done, problem }) => [id, done, problem?.code])).toEqual([
      [mine, true, undefined],
      [ended, false, 'illegal-act'],
      [watched, false, 'forbidden'],
      [hidden, false, 'not-found'],
      ['999999999', false, 'not-found'],
    ])
    expect(items[0]?.execution).toMatchObject({ status: 'canceled' })
    expect(items[3]).not.toHaveProperty('execution')
    expect([await statusOf(watched), await statusOf(hidden)]).toEqual(['running', 'running'])
    const [row] = await api.pool.query('select act, by, reason from fermata.acts where execution_id = $1', [
      mine,
    ])
    expect(row).toEqual({ act: 'terminate', by: 'operator', reason: 'Maintenance' })
  })

  it('pauses and resumes two hundred', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, () => start('mine')))
    const paused = await act('operator', { act: 'pause', ids })
    expect(paused.every(({ done, execution }) => done && execution?.status === 'paused')).toBe(true)
    const resumed = await act('operator', { act: 'resume', ids })
    expect(resumed.map(({ id }) => id)).toEqual(ids)
    expect(resumed.every(({ done }) => done)).toBe(true)
    const ended = await act('operator', { act: 'terminate', ids, reason: 'Enough' })
    expect(ended.every(({ execution }) => execution?.status === 'canceled')).toBe(true)
  })

  it('takes no more than two hundred', async () => {
    const ids = Array.from({ length: 201 }, (_, n) => String(n))
    const answer = await api.call('admin', 'POST /api/v1/executions/acts', { act: 'pause', ids })
    expect(answer).toMatchObject({ status: 400, body: { pointer: '/ids' } })
  })
})

describe('the list', () => {
  it('tells parts of main workflows from main ones, and the parent of each part to whoever may see it', async () => {
    const parent = await start('whole')
    const child = await until(
      async () => (await api.as('admin').call(listExecutions, { query: { kind: 'sub' } })).items[0],
      (found) => found !== undefined,
    )
    expect(child).toMatchObject({ workflow: 'part', parentTitle: 'whole', parent: { execution: parent } })
    const seen = await api.as('operator').call(listExecutions, { query: { kind: 'sub' } })
    expect(seen.items[0]).toMatchObject({ id: child?.id, trigger: 'parent', mayAct: true })
    for (const name of ['parent', 'parentTitle']) expect(seen.items[0]).not.toHaveProperty(name)
    const mains = await api.as('admin').call(listExecutions, { query: { kind: 'main' } })
    expect(mains.items.map(({ workflow }) => workflow)).not.toContain('part')
  })

  it('tells the last act, and whether the reader may act', async () => {
    const [acted, watched] = [await start('mine'), await start('watched')]
    await api.engine.act(acted, { type: 'pause' }, by)
    await api.engine.act(acted, { type: 'resume' }, { name: 'operator' })
    const { items } = await api.as('operator').call(listExecutions)
    const row = (id: string) => items.find((item) => item.id === id)
    expect(row(acted)).toMatchObject({ mayAct: true, lastAct: { act: 'resume', by: 'operator' } })
    expect(row(watched)).toMatchObject({ mayAct: false })
    expect(row(watched)).not.toHaveProperty('lastAct')
  })

  it('finds what a schedule or a batch has started', async () => {
    const { id } = await api.engine.start({ workflow: 'mine', by, dedupKey: 'batch:7:host-1:1' })
    await api.engine.start({ workflow: 'mine', by, dedupKey: 'api:mine:batch:7:x' })
    const { items } = await api.as('operator').call(listExecutions, { query: { batch: '007' } })
    expect(items).toMatchObject([{ id, batch: '7' }])
    expect((await api.call('admin', 'GET /api/v1/executions?batch=1&schedule=1')).status).toBe(400)
  })
})

describe('the strip of the last day', () => {
  it('counts by outcome, what may be seen only', async () => {
    const sum = async (actor: Actor, query: Record<string, unknown> = {}) => {
      const { items } = await api.as(actor).call(getStrip, { query })
      expect(items).toHaveLength(48)
      return items.reduce((all, part) => all + part.completed + part.failed + part.canceled + part.live, 0)
    }
    const count = async (condition: string) =>
      (
        await api.pool.query<{ n: number }>(
          `select count(*)::int as n from fermata.executions where ${condition}`,
        )
      )[0]?.n
    expect(await sum('admin')).toBe(await count('true'))
    expect(await sum('operator')).toBe(await count(`workflow in ('mine', 'watched', 'quick', 'part')`))
    expect(await sum('operator', { workflow: 'hidden' })).toBe(0)
    expect(await sum('operator', { workflow: 'quick' })).toBe(await count(`workflow = 'quick'`))
    expect(await sum('admin', { kind: 'sub' })).toBe(await count(`workflow = 'part'`))
    expect(await sum('stranger')).toBe(0)
    expect(await sum('admin', { status: 'completed' })).toBe(await count(`status = 'completed'`))
    expect(await sum('admin', { startedBy: 'nobody' })).toBe(0)
    expect(await sum('admin', { q: 'quick' })).toBe(await count(`workflow = 'quick'`))
    expect(await sum('admin', { batch: '7' })).toBe(await count(`dedup_key like 'batch:7:%'`))
    expect((await api.call('admin', 'GET /api/v1/executions/strip?from=2026-01-01T00:00:00Z')).status).toBe(
      400,
    )
    const { items } = await api.as('operator').call(getStrip, { query: { workflow: 'quick' } })
    expect(items.at(-1)).toMatchObject({ completed: 1, failed: 0, live: 0, more: false })
  })
})

describe('the table for spreadsheets', () => {
  const table = async (actor: Actor, query = {}) => {
    const text = await api.as(actor).call(exportExecutions, { query })
    return text.replace('\uFEFF', '').trimEnd().split('\r\n')
  }

  it('holds what the filters select and the reader may see, over many pages', async () => {
    await api.pool.run(
      `insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by)
       select 900000 + n, 'mine', 1, 'rejected', '{}', 'api', 'robot' from generate_series(1, 1203) n`,
    )
    const rows = await table('operator', { status: 'rejected', startedBy: 'robot' })
    expect(rows).toHaveLength(1204)
    expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(1204)
    expect(rows[0]).toMatch(/^id,workflow,title,version,status,/)
    expect((await table('operator')).join()).not.toContain('hidden')
    expect(await table('stranger')).toHaveLength(1)
  })

  it('makes no formula of a text, and keeps commas and quotes', async () => {
    await api.pool.run(
      `insert into fermata.executions (id, workflow, version, status, snapshot, trigger, started_by, target_collection, target_id, target_label)
       values (990001, 'mine', 1, 'failed', '{}', 'api', '@evil', 'host', '1', '=HYPERLINK("http://x","a, b")')`,
    )
    const answer = await api.call('admin', 'GET /api/v1/executions/export?startedBy=@evil')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="executions.csv"',
    })
    expect(answer.text).toContain(`"'=HYPERLINK(""http://x"",""a, b"")"`)
    expect(answer.text).toContain(`,"'@evil",`)
  })

  it('refuses filters that are none before it begins', async () => {
    expect(await api.call('admin', 'GET /api/v1/executions/export?status=odd')).toMatchObject({
      status: 400,
      body: { pointer: '/status' },
    })
  })
})

describe('saved views', () => {
  it('are kept by name for whoever made them, and nobody else', async () => {
    const mine = api.as('operator')
    const save = (name: string, search: string) =>
      mine.call(saveView, { body: { page: 'executions', name, search } })
    const first = await save(' Failed today ', 'status=failed')
    await save('All', '')
    expect(await save('Failed today', 'status=failed,error')).toEqual({
      ...first,
      search: 'status=failed,error',
    })
    const names = async (actor: Actor) => (await api.as(actor).call(listViews)).items.map(({ name }) => name)
    expect(await names('operator')).toEqual(['All', 'Failed today'])
    expect(await names('admin')).toEqual([])
    const foreign = await api.call('admin', `DELETE /api/v1/views/${first.id}`)
    expect(foreign.status).toBe(404)
    const rename = (actor: Actor, name: string) =>
      api.call(actor, `PATCH /api/v1/views/${first.id}`, { name })
    expect((await rename('operator', 'All')).body).toMatchObject({
      code: 'already-exists',
      why: { key: 'name-taken', name: 'All' },
    })
    expect((await rename('admin', 'Mine now')).status).toBe(404)
    expect((await rename('operator', ' Broken today ')).body).toMatchObject({
      ...{ id: first.id, name: 'Broken today', search: 'status=failed,error' },
    })
    expect(await names('operator')).toEqual(['All', 'Broken today'])
    await mine.call(deleteView, { params: { id: first.id } })
    expect(await names('operator')).toEqual(['All'])
  })

  it('are refused without a name, and beyond a hundred', async () => {
    const refused = await api.call('operator', 'PUT /api/v1/views', {
      page: 'executions',
      name: '  ',
      search: '',
    })
    expect(refused.body).toMatchObject({ code: 'bad-request', pointer: '/name' })
    await api.pool.run(
      `insert into fermata.saved_views (user_id, page, name, search)
       select id, 'executions', 'n' || n, '' from fermata.users, generate_series(1, 100) n where name = 'stranger'`,
    )
    const body = { page: 'executions', name: 'one more', search: '' }
    expect((await api.call('stranger', 'PUT /api/v1/views', body)).body).toMatchObject({
      code: 'limit-exceeded',
    })
    expect((await api.call('stranger', 'PUT /api/v1/views', { ...body, name: 'n7' })).status).toBe(200)
  })
})
