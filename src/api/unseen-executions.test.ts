// Executions that started each other, where one of them may not be seen: it is named by no answer, so that no link
// leads to what answers 404.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, grantCrew, openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, until } from '../../tests/helpers/engine.ts'
import { actOnExecutions } from './contract/execution-lists.ts'
import {
  getExecution,
  getSurroundings,
  listExecutions,
  startExecution,
  terminateExecution,
} from './contract/executions.ts'
import { listNodeRuns } from './contract/node-runs.ts'
import { listTasks } from './contract/tasks.ts'

let api: TestApi

beforeAll(async () => {
  api = await openApi()
  const ask = { id: 'ask', type: 'manual', config: { title: 'Look', assignees: ['operator'] } }
  const call = (workflow: string, more = {}) => [
    { id: 'call', type: 'workflow', config: { workflow, ...more } },
  ]
  await publish(api.pool, chain('open-below', [ask]))
  await publish(api.pool, chain('hidden-below', [ask]))
  await publish(api.pool, chain('hidden-above', call('open-below')))
  await publish(api.pool, chain('open-above', call('hidden-below')))
  await publish(api.pool, chain('open-beside', call('hidden-below', { wait: false })))
  for (const key of ['open-below', 'open-above', 'open-beside']) await grantCrew(api.pool, key, 'run')
})
afterAll(() => api.close())

/** The execution that was started, and the one that it started. */
async function startBoth(workflow: string): Promise<{ above: string; below: string }> {
  const admin = api.as('admin')
  const { id: above } = await admin.call(startExecution, { body: { workflow } })
  const children = () => admin.call(listExecutions, { query: { parent: above } })
  const { items } = await until(children, (page) => page.items.length > 0)
  return { above, below: items[0]?.id ?? '' }
}

const runsOf = async (actor: Actor, id: string) =>
  (await api.as(actor).call(listNodeRuns, { params: { id } })).items

function parentsIn(csv: string): (string | undefined)[] {
  const [head = '', ...lines] = csv.split('\r\n')
  const at = head.split(',').indexOf('parent')
  return lines.map((line) => line.split(',')[at])
}

describe('a parent that may not be seen', () => {
  it('is not named by what it started, nor finds it', async () => {
    const { above, below } = await startBoth('hidden-above')
    const shown = async (actor: Actor) => {
      const client = api.as(actor)
      const query = { workflow: 'open-below' }
      const [listed] = (await client.call(listExecutions, { query })).items.filter(({ id }) => id === below)
      const answer = await api.call(actor, `GET /api/v1/executions/export?workflow=open-below`)
      const act = { ids: [below], act: 'pause' as const }
      return {
        heads: [
          await client.call(getExecution, { params: { id: below } }),
          listed,
          (await client.call(actOnExecutions, { body: act })).items[0]?.execution,
        ].map((head) => head?.parent),
        title: listed?.parentTitle,
        ancestors: (await client.call(getSurroundings, { params: { id: below } })).ancestors,
        below: (await client.call(listExecutions, { query: { parent: above } })).items.length,
        exported: parentsIn(answer.text).includes(above),
        tells: (await client.call(getExecution, { params: { id: below } })).trigger,
      }
    }
    const parent = { execution: above, run: 'call' }
    expect(await shown('admin')).toMatchObject({
      ...{ heads: [parent, parent, parent], below: 1, exported: true, tells: 'parent' },
      ancestors: [{ id: above }],
    })
    expect(await shown('operator')).toEqual({
      ...{ heads: [undefined, undefined, undefined], title: undefined, ancestors: [], below: 0 },
      ...{ exported: false, tells: 'parent' },
    })
  })
})

describe('a child that may not be seen', () => {
  it('is not named by the node run that waits for it, nor once it has failed', async () => {
    const { above, below } = await startBoth('open-above')
    const waitsFor = async (actor: Actor) => (await runsOf(actor, above))[0]?.wait
    expect(await waitsFor('admin')).toMatchObject({ for: 'child', child: below })
    expect(await waitsFor('operator')).toEqual({ for: 'child' })
    await api.as('admin').call(terminateExecution, { params: { id: below }, body: { reason: 'no more' } })
    const details = async (actor: Actor) => (await runsOf(actor, above))[0]?.error?.details
    await until(
      () => details('admin'),
      (found) => found !== undefined,
    )
    expect(await details('admin')).toMatchObject({ execution: below, status: 'canceled' })
    expect(await details('operator')).toMatchObject({ execution: null, status: 'canceled' })
  })

  it('is not named by the node run that only started it', async () => {
    const { above, below } = await startBoth('open-beside')
    await api.engine.waitForEnd(above, 5000)
    expect((await runsOf('admin', above))[0]?.output).toEqual({ id: below })
    expect((await runsOf('operator', above))[0]?.output).toEqual({ id: null })
  })

  it('is not named by a task of it that one may answer', async () => {
    const { below } = await startBoth('open-beside')
    const tasks = () => api.as('operator').call(listTasks, { query: { execution: below } })
    const { items } = await until(tasks, (page) => page.items.length > 0)
    expect(items[0]).toMatchObject({ acts: ['submit'], workflow: 'hidden-below' })
    expect(items[0]).not.toHaveProperty('execution')
  })
})
