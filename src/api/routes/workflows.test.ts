import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { listAudit } from '../../access/audit.ts'
import { listNodeTypes } from '../contract/node-types.ts'
import {
  disableWorkflow,
  enableWorkflow,
  getVersion,
  getWorkflow,
  listVersions,
  listWorkflows,
  publishWorkflow,
  saveDraft,
} from '../contract/workflows.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api.close())

const documentOf = (key: string, extra: object = {}) => ({
  format: 'fermata/1',
  key,
  title: `Title of ${key}`,
  nodes: [{ id: 'a', type: 'probe' }],
  edges: [],
  ...extra,
})
const save = (key: string, extra: object = {}) =>
  api.as('designer').call(saveDraft, { params: { key }, body: { document: documentOf(key, extra) as never } })
const publish = (key: string) => api.as('designer').call(publishWorkflow, { params: { key }, body: {} })

describe('drafts and versions', () => {
  it('goes from draft to published to a new draft; versions stay as they were', async () => {
    const params = { key: 'versions' }
    const { version, problems } = await save('versions')
    expect(version).toMatchObject({ version: 1, state: 'draft', createdBy: 'designer' })
    expect(problems).toEqual([])
    expect(await api.as('designer').call(getWorkflow, { params })).toMatchObject({
      state: 'draft',
      draft: 1,
      grants: ['view', 'run', 'manage'],
      document: { key: 'versions' },
    })
    await publish('versions')
    const second = await save('versions', { title: 'Another' })
    expect(second.version).toMatchObject({ version: 2, state: 'draft' })
    const now = await api.as('designer').call(getWorkflow, { params })
    expect(now).toMatchObject({ state: 'published', published: 1, draft: 2, title: 'Title of versions' })
    await publish('versions')
    const { items } = await api.as('designer').call(listVersions, { params })
    expect(items.map(({ version, state }) => [version, state])).toEqual([
      [2, 'published'],
      [1, 'retired'],
    ])
    const first = await api.as('designer').call(getVersion, { params: { ...params, version: 1 } })
    expect(first.document.title).toBe('Title of versions')
  })

  it('saving again changes the same draft, unless it has been tried', async () => {
    await save('tried')
    expect((await save('tried', { title: 'Changed' })).version.version).toBe(1)
    await api.call('designer', 'POST /api/v1/executions', { workflow: 'tried', version: 1, waitMs: 10_000 })
    expect((await save('tried', { title: 'Again' })).version.version).toBe(2)
  })

  it('saves a draft that breaks the rules and says so, but does not publish it', async () => {
    const broken = { nodes: [{ id: 'a', type: 'no-such-type' }] }
    const { problems } = await save('broken', broken)
    expect(problems).toMatchObject([{ pointer: expect.stringContaining('/nodes/0'), node: 'a' }])
    await expect(publish('broken')).rejects.toMatchObject({
      code: 'invalid-document',
      problem: { status: 400, pointer: expect.stringContaining('/nodes/0'), problems: [{ node: 'a' }] },
    })
    const { items } = await api.as('designer').call(listVersions, { params: { key: 'broken' } })
    expect(items).toMatchObject([{ state: 'draft' }])
  })

  it.each([
    ['no format', { format: 'other/1' }, '/format'],
    ['a bad node id', { nodes: [{ id: '9', type: 'set' }] }, '/nodes/0/id'],
    ['a foreign field', { nodes: [{ id: 'a', type: 'set', color: 'red' }] }, '/nodes/0/color'],
    ['another key', { key: 'other' }, '/key'],
  ])('refuses what is no document: %s', async (_, extra, pointer) => {
    const line = 'PUT /api/v1/workflows/refused/draft' as const
    const answer = await api.call('designer', line, { document: documentOf('refused', extra) })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-document', pointer } })
    expect((await api.call('admin', 'GET /api/v1/workflows/refused')).status).toBe(404)
  })

  it('reads YAML, and says where it breaks', async () => {
    const send = (payload: string) =>
      api.app.inject({
        method: 'PUT',
        url: '/api/v1/workflows/yaml/draft',
        headers: { authorization: `Bearer ${api.tokens.designer}`, 'content-type': 'application/yaml' },
        payload,
      })
    const good = await send('format: fermata/1\nkey: yaml\ntitle: Yaml\nnodes: []\nedges: []\n')
    expect(good.statusCode).toBe(200)
    const bad = await send('format: fermata/1\nkey: [\n')
    expect(bad.statusCode).toBe(400)
    expect(bad.json()).toMatchObject({ code: 'invalid-document', detail: expect.stringMatching(/line/i) })
    const bomb = `a: &a [${'x,'.repeat(50)}]\n${['b', 'c', 'd', 'e'].map((name, n) => `${name}: &${name} [${`*${'abcd'[n]},`.repeat(50)}]`).join('\n')}`
    expect((await send(bomb)).statusCode).toBe(400)
  })

  it('does not publish twice what has no draft', async () => {
    await save('once')
    await publish('once')
    await expect(publish('once')).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('the audit', () => {
  it('knows who saved, published, disabled and enabled', async () => {
    const params = { key: 'audited' }
    await save('audited')
    await publish('audited')
    await api.as('admin').call(disableWorkflow, { params, body: {} })
    await api.as('admin').call(enableWorkflow, { params, body: {} })
    const entries = await listAudit(api.pool, { object: 'workflow:audited' })
    expect(entries.map(({ by, action }) => [by, action])).toEqual([
      ['admin', 'workflow.enable'],
      ['admin', 'workflow.disable'],
      ['designer', 'workflow.publish'],
      ['designer', 'workflow.save'],
    ])
  })
})

describe('the list', () => {
  it('holds what one may see, page by page', async () => {
    for (const key of ['list-a', 'list-b', 'list-c']) await save(key)
    await grantCrew(api.pool, 'list-b', 'view')
    const keys = async (actor: 'operator' | 'stranger' | 'designer', query: object = {}) =>
      (await api.as(actor).call(listWorkflows, { query: { q: 'list-', ...query } })).items.map(
        ({ key }) => key,
      )
    expect(await keys('stranger')).toEqual([])
    expect(await keys('operator')).toEqual(['list-b'])
    expect(await keys('operator', { grant: 'run' })).toEqual([])
    expect(await keys('designer')).toEqual(['list-c', 'list-b', 'list-a'])
    const first = await api.as('designer').call(listWorkflows, { query: { q: 'list-', limit: 2 } })
    expect(first.items.map(({ key }) => key)).toEqual(['list-c', 'list-b'])
    expect(await keys('designer', { limit: 2, cursor: first.next })).toEqual(['list-a'])
  })

  it('filters by state', async () => {
    await save('state-a')
    await publish('state-a')
    const states = async () =>
      (await api.as('admin').call(listWorkflows, { query: { q: 'state-a' } })).items.map(({ state }) => state)
    const found = async (state: 'published' | 'disabled') =>
      (await api.as('admin').call(listWorkflows, { query: { q: 'state-a', state } })).items.length
    expect(await states()).toEqual(['published'])
    await api.as('designer').call(disableWorkflow, { params: { key: 'state-a' }, body: {} })
    expect([await states(), await found('published'), await found('disabled')]).toEqual([['disabled'], 0, 1])
    await api.as('designer').call(enableWorkflow, { params: { key: 'state-a' }, body: {} })
    expect(await states()).toEqual(['published'])
  })
})

describe('node types', () => {
  it('come with schema, ports and help', async () => {
    const { items } = await api.as('operator').call(listNodeTypes)
    const byType = new Map(items.map((item) => [item.type, item]))
    expect(byType.get('condition')).toMatchObject({ ports: { fixed: ['out', 'yes', 'no'] }, inline: true })
    expect(byType.get('switch')?.ports).toMatchObject({ each: '/cases' })
    expect(byType.get('probe')).toMatchObject({
      help: '# Probe',
      effect: 'write',
      config: { type: 'object' },
    })
    expect(JSON.stringify(items)).not.toContain('~kind')
  })
})
