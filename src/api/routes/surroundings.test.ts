// What the page of one execution asks beside the execution itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish, until } from '../../../tests/helpers/engine.ts'
import {
  getExecution,
  getSurroundings,
  listActs,
  listExecutions,
  startExecution,
} from '../contract/executions.ts'
import { completeRun, listBindings, listCandidates, listNodeRuns, rebindRun } from '../contract/node-runs.ts'

let api: TestApi
beforeAll(async () => {
  api = await openApi()
  const probe = { id: 'a', type: 'probe' }
  await publish(api.pool, { ...chain('inner', [probe]), kind: 'sub' })
  await publish(api.pool, chain('middle', [{ id: 'call', type: 'workflow', config: { workflow: 'inner' } }]))
  await publish(api.pool, chain('outer', [{ id: 'call', type: 'workflow', config: { workflow: 'middle' } }]))
  await publish(api.pool, chain('other', [probe]))
  const ask = { id: 'ask', type: 'manual', config: { title: 'Go on?', assignees: ['role:admin'] } }
  await publish(api.pool, {
    ...chain('bound', [ask, { ...probe, bind: { path: 'unit.apps' } }]),
    target: { collection: 'app' },
  })
  for (const key of ['inner', 'outer', 'other', 'bound']) await grantCrew(api.pool, key, 'run')
})
afterAll(() => api.close())

const start = (workflow: string, extra: object = {}) =>
  api.as('admin').call(startExecution, { body: { workflow, waitMs: 10_000, ...extra } })

describe('surroundings', () => {
  it('name the parents, the outermost first, without those one may not see', async () => {
    const { id } = await start('outer')
    const [child] = (await api.as('admin').call(listExecutions, { query: { parent: id } })).items
    const query = { parent: child?.id ?? '', parentRun: 'call' }
    const [grandchild] = (await api.as('admin').call(listExecutions, { query })).items
    const at = { params: { id: grandchild?.id ?? '' } }
    expect((await api.as('admin').call(getSurroundings, at)).ancestors).toMatchObject([
      { id, workflow: 'outer', run: 'call' },
      { id: child?.id, workflow: 'middle', run: 'call' },
    ])
    const seen = (await api.as('operator').call(getSurroundings, at)).ancestors
    expect(seen.map(({ workflow }) => workflow)).toEqual(['outer'])
  })

  it('lead from each execution of a workflow to the next', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      ids.push((await start('other')).id)
      await start('outer')
    }
    const around = async (id: string | undefined) => {
      const { previous, next } = await api.as('operator').call(getSurroundings, { params: { id: id ?? '' } })
      return [previous?.id, next?.id]
    }
    expect(await around(ids[0])).toEqual([undefined, ids[1]])
    expect(await around(ids[1])).toEqual([ids[0], ids[2]])
    expect(await around(ids[2])).toEqual([ids[1], undefined])
  })
})

describe('records of a node that has not started', () => {
  it('are changed by those who may act, and only they are told that they may', async () => {
    const { id } = await start('bound', { target: { collection: 'app', id: 'a1' }, waitMs: 0 })
    const read = () => api.as('operator').call(getExecution, { params: { id } })
    const { rebindable } = await until(read, ({ waiting }) => waiting)
    expect(rebindable).toEqual(['a'])
    const offered = await api.as('operator').call(listCandidates, { params: { id, run: 'a' } })
    expect(offered.items.map((record) => record.id)).toEqual(['a1', 'a2', 'a3'])
    const input = { params: { id, run: 'a' }, body: { records: ['a2'], reason: 'only this one' } }
    expect(await api.as('operator').call(rebindRun, input)).toMatchObject({ id, rebindable: ['a'] })
    const { items } = await api.as('operator').call(listBindings, { params: { id } })
    expect(items).toMatchObject([{ run: 'a', mode: 'rebound', records: [{ id: 'a2' }] }])
    const acts = await api.as('operator').call(listActs, { params: { id } })
    expect(acts.items.at(-1)).toMatchObject({ act: 'rebind', by: 'operator', details: { records: ['a2'] } })
    await grantCrew(api.pool, 'bound', 'view')
    expect((await read()).rebindable).toEqual([])
    await grantCrew(api.pool, 'bound', 'run')
    await api
      .as('admin')
      .call(completeRun, { params: { id, run: 'ask' }, body: { output: {}, reason: 'seen' } })
    await until(read, ({ status }) => status === 'completed')
    const runs = (await api.as('operator').call(listNodeRuns, { params: { id } })).items
    expect(runs.map((run) => run.id)).toEqual(['a', 'a[a2]', 'ask'])
    expect(runs.at(-1)).toMatchObject({ status: 'completed', waited: 'person', manual: { act: 'completed' } })
    expect(runs.at(-1)?.wait).toBeUndefined()
  })
})
