import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish } from '../../../tests/helpers/engine.ts'
import { setRowPermission } from '../../access/row-permissions.ts'
import { getAssociations } from '../contract/associations.ts'
import { startExecution } from '../contract/executions.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
  const nodes = [
    { id: 'wait', type: 'manual', config: { title: 'Go on' } },
    { id: 'restart', type: 'probe', bind: { path: 'unit.apps.host' } },
  ]
  await publish(api.pool, { ...chain('restart', nodes), target: { collection: 'app' } })
  await grantCrew(api.pool, 'restart', 'run')
})
afterAll(() => api.close())

describe('the association graph of an execution', () => {
  it('holds what was left checked and what lies between, for whoever may see it', async () => {
    const target = { collection: 'app', id: 'a1' }
    const { id } = await api
      .as('operator')
      .call(startExecution, { body: { workflow: 'restart', target, bindings: { restart: ['h2'] } } })
    const read = () => api.as('operator').call(getAssociations, { params: { id } })
    const graph = await read()
    expect(graph.root).toBe('app:a1')
    expect(graph.nodes.map(({ key, boundBy }) => [key, boundBy])).toEqual([
      ['app:a1', []],
      ['unit:u1', []],
      ['app:a2', []],
      ['app:a3', []],
      ['host:h1', []],
      ['host:h2', ['restart']],
    ])
    expect(graph.edges).toContainEqual({ from: 'unit:u1', to: 'app:a2', relation: 'apps' })

    await setRowPermission(api.pool, { role: 'crew', collection: 'app', rule: { filter: "id != 'a2'" } })
    expect((await read()).nodes.map(({ key }) => key)).not.toContain('app:a2')
    await setRowPermission(api.pool, { role: 'crew', collection: 'app', rule: null })
    expect((await api.call('stranger', `GET /api/v1/executions/${id}/associations`)).status).toBe(404)
  })
})
