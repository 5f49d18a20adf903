import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { publish } from '../../../tests/helpers/engine.ts'
import { setRowPermission } from '../../access/row-permissions.ts'
import { startExecution } from '../contract/executions.ts'
import { createPreview, listTargets } from '../contract/previews.ts'

let api: TestApi
const nodes = [
  { id: 'a', type: 'probe', bind: { path: 'unit.apps' } },
  { id: 'b', type: 'probe', bind: { path: 'host' } },
  { id: 'c', type: 'probe', bind: { path: 'unit.parent' } },
]
beforeAll(async () => {
  api = await openApi()
  const target = { collection: 'app', filter: "record.status == 'running'" }
  await publish(api.pool, { key: 'preview', target, nodes })
  await publish(api.pool, { key: 'free', nodes: [] })
  for (const key of ['preview', 'free']) await grantCrew(api.pool, key, 'run')
})
afterAll(() => api.close())

const preview = (id: string) =>
  api.as('operator').call(createPreview, { body: { workflow: 'preview', target: { collection: 'app', id } } })

describe('previews', () => {
  it('show every record that would be touched, and what is empty', async () => {
    const { bindings, graph, touched, warnings, target } = await preview('a1')
    expect(target).toEqual({ collection: 'app', id: 'a1', label: 'cart (prod)' })
    expect(bindings.map(({ node, records }) => [node, records.map(({ id }) => id).sort()])).toEqual([
      ['a', ['a1', 'a2', 'a3']],
      ['b', ['h1']],
      ['c', []],
    ])
    expect(touched).toBe(4)
    expect(warnings).toMatchObject([{ code: 'nothing-bound', node: 'c', pointer: '/nodes/2/bind' }])
    expect(graph.nodes.map(({ key }) => key).sort()).toEqual([
      'app:a1',
      'app:a2',
      'app:a3',
      'host:h1',
      'unit:u1',
    ])
    expect(graph.nodes.find(({ key }) => key === 'host:h1')?.boundBy).toEqual(['b'])
  })

  it('show an older version as it was, and it may be started', async () => {
    const older = { key: 'older', nodes: [{ id: 'a', type: 'probe', bind: { path: 'host' } }] }
    await publish(api.pool, { ...older, target: { collection: 'app', filter: "record.env == 'uat'" } })
    await publish(api.pool, { ...older, target: { collection: 'app' }, nodes: [] })
    await grantCrew(api.pool, 'older', 'run')
    const body = { workflow: 'older', target: { collection: 'app', id: 'a2' } }
    const operator = api.as('operator')
    const now = await operator.call(createPreview, { body })
    expect(now).toMatchObject({ version: 2, test: false, bindings: [] })
    const then = await operator.call(createPreview, { body: { ...body, version: 1 } })
    expect(then).toMatchObject({ version: 1, test: false, bindings: [{ node: 'a' }] })
    const targets = await operator.call(listTargets, { params: { key: 'older' }, query: { version: 1 } })
    expect(targets.items.map(({ id }) => id)).toEqual(['a2'])
    expect(targets.title).toBe('App instance')
    const started = await operator.call(startExecution, { body: { ...body, version: 1 } })
    expect(started).toMatchObject({ version: 1, test: false })
  })

  it('know no target where there is none', async () => {
    const answer = await api.as('operator').call(createPreview, { body: { workflow: 'free' } })
    expect(answer).toMatchObject({ bindings: [], touched: 0 })
    expect(answer).not.toHaveProperty('target')
  })

  it.each([
    [{ workflow: 'preview' }, 400],
    [{ workflow: 'preview', target: { collection: 'host', id: 'h1' } }, 400],
    [{ workflow: 'preview', target: { collection: 'app', id: 'a3' } }, 400],
    [{ workflow: 'preview', target: { collection: 'app', id: 'zz' } }, 404],
    [{ workflow: 'free', target: { collection: 'app', id: 'a1' } }, 400],
  ])('refuse %j', async (body, status) => {
    expect((await api.call('operator', 'POST /api/v1/previews', body)).status).toBe(status)
  })

  it('offer the targets that pass the filter, by words', async () => {
    const targets = async (query: object) =>
      (await api.as('operator').call(listTargets, { params: { key: 'preview' }, query })).items.map(
        ({ id }) => id,
      )
    expect((await targets({})).sort()).toEqual(['a1', 'a2', 'a4'])
    expect((await targets({ q: 'cart prod' })).sort()).toEqual(['a1'])
    expect(await targets({ limit: 1 })).toHaveLength(1)
  })

  it('hold back what the caller may not see', async () => {
    const rule = { filter: "env = 'uat'" }
    await setRowPermission(api.pool, { role: 'crew', collection: 'app', rule })
    await expect(preview('a1')).rejects.toMatchObject({ status: 404 })
    const { bindings } = await preview('a2')
    expect(bindings[0]?.records.map(({ id }) => id)).toEqual(['a2'])
    const { items } = await api.as('operator').call(listTargets, { params: { key: 'preview' } })
    expect(items.map(({ id }) => id)).toEqual(['a2'])
    await setRowPermission(api.pool, { role: 'crew', collection: 'app', rule: null })
  })
})
