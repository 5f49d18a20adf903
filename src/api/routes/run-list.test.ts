import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { publish } from '../../../tests/helpers/engine.ts'
import { setGrant } from '../../access/grants.ts'
import { createRole } from '../../access/roles.ts'
import type { Client } from '../../client/client.ts'
import { startExecution } from '../contract/executions.ts'
import {
  addFavourite,
  getWorkflow,
  listRunGroups,
  listWorkflows,
  removeFavourite,
} from '../contract/workflows.ts'

let api: TestApi
let operator: Client
beforeAll(async () => {
  api = await openApi()
  operator = api.as('operator')
  const target = { collection: 'app', filter: "record.status == 'running'" }
  await publish(api.pool, { key: 'restart', title: 'Restart', target, nodes: [] })
  await publish(api.pool, { key: 'patch', title: 'Patch', target: { collection: 'host' }, nodes: [] })
  await publish(api.pool, { key: 'check', kind: 'sub', nodes: [] })
  await publish(api.pool, { key: 'hidden', nodes: [] })
  await createRole(api.pool, { name: 'owners', title: 'Service owners' })
  for (const workflow of ['restart', 'patch', 'check'])
    await setGrant(api.pool, { role: 'operator', workflow, grant: 'run' })
  await setGrant(api.pool, { role: 'crew', workflow: 'restart', grant: 'run' })
  await setGrant(api.pool, { role: 'owners', workflow: 'restart', grant: 'manage' })
  await setGrant(api.pool, { role: 'crew', workflow: 'hidden', grant: 'view' })
})
afterAll(() => api.close())

const groups = async (client: Client, query: object = {}) =>
  (await client.call(listRunGroups, { query: { kind: 'main', state: 'published', ...query } })).items.map(
    ({ role, count }) => [role, count],
  )
const keys = async (client: Client, query: object = {}) =>
  (
    await client.call(listWorkflows, { query: { kind: 'main', state: 'published', grant: 'run', ...query } })
  ).items.map(({ key }) => key)

describe('the list to run from', () => {
  it('groups by the role that grants running; a workflow of two roles is in both', async () => {
    expect(await groups(operator)).toEqual([
      ['crew', 1],
      ['operator', 2],
    ])
    expect(await keys(operator, { role: 'crew' })).toEqual(['restart'])
    expect(await keys(operator, { role: 'operator' })).toEqual(['patch', 'restart'])
    expect(await groups(operator, { kind: 'sub' })).toEqual([['operator', 1]])
  })

  it('gives administrators one card with everything, and nobody the card of a role not theirs', async () => {
    expect(await groups(api.as('admin'))).toEqual([['admin', 3]])
    expect(await keys(api.as('admin'), { role: 'admin' })).toEqual(['hidden', 'patch', 'restart'])
    expect(await groups(api.as('designer'))).toEqual([['designer', 3]])
    await expect(operator.call(listWorkflows, { query: { role: 'owners' } })).rejects.toMatchObject({
      status: 403,
    })
  })

  it('shows target, its filter and the owners', async () => {
    const restart = await operator.call(getWorkflow, { params: { key: 'restart' } })
    expect(restart).toMatchObject({
      targetCollection: 'app',
      targetFilter: "record.status == 'running'",
      owners: ['Designer', 'Service owners'],
      favourite: false,
    })
    const { targets, owners } = await operator.call(listRunGroups, { query: { kind: 'main' } })
    expect(targets.map(({ key }) => key)).toEqual(['app', 'host'])
    expect(owners).toEqual(['Designer', 'Service owners', 'test'])
  })

  it('filters by target, owner, text and time, in cards and counts alike', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    for (const [query, found] of [
      [{ target: 'host' }, ['patch']],
      [{ owner: 'Service owners' }, ['restart']],
      [{ q: 'REST' }, ['restart']],
      [{ updatedAfter: soon }, []],
      [{ updatedBefore: soon }, ['patch', 'restart']],
    ] as const) {
      expect(await keys(operator, { role: 'operator', ...query })).toEqual(found)
      const [, count = 0] = (await groups(operator, query)).find(([role]) => role === 'operator') ?? []
      expect(count).toBe(found.length)
    }
  })
})

describe('favourites', () => {
  it('belong to one user and to the workflow, whatever its version', async () => {
    const params = { key: 'restart' }
    await operator.call(addFavourite, { params })
    await operator.call(addFavourite, { params })
    await publish(api.pool, { key: 'restart', title: 'Restart', target: { collection: 'app' }, nodes: [] })
    expect(await keys(operator, { favourite: true })).toEqual(['restart'])
    expect(await groups(operator, { favourite: true })).toEqual([
      ['crew', 1],
      ['operator', 1],
    ])
    expect(await operator.call(getWorkflow, { params })).toMatchObject({ favourite: true, published: 2 })
    expect(await keys(api.as('admin'), { favourite: true })).toEqual([])
    await operator.call(removeFavourite, { params })
    expect(await keys(operator, { favourite: true })).toEqual([])
  })

  it('are not given for what one may not see', async () => {
    expect((await api.call('stranger', 'PUT /api/v1/workflows/hidden/favourite')).status).toBe(404)
  })
})

describe('sub-workflows', () => {
  it('are not started by people', async () => {
    const starting = operator.call(startExecution, { body: { workflow: 'check' } })
    await expect(starting).rejects.toMatchObject({ code: 'illegal-act' })
  })
})
