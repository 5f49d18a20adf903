import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish, until } from '../../../tests/helpers/engine.ts'
import { getExecution, startExecution } from '../contract/executions.ts'
import { listNodeRuns } from '../contract/node-runs.ts'
import { approveTask, getTask, listTasks, rejectTask, submitTask } from '../contract/tasks.ts'

let api: TestApi
const form = {
  type: 'object',
  properties: { count: { type: 'integer' }, note: { type: 'string', default: 'none' } },
  required: ['count'],
}
beforeAll(async () => {
  api = await openApi()
  const options = [{ name: 'left' }, { name: 'right' }]
  const one = (key: string, type: string, config: object) =>
    publish(api.pool, chain(key, [{ id: 'a', type, config: config as never }]))
  await one('form', 'manual', { title: 'Count them', form })
  await one('named', 'manual', { title: 'For one', assignees: ['stranger'] })
  await one('crewed', 'approval', { title: 'Really?', assignees: ['role:crew'] })
  await one('fork', 'choice', { question: 'Where to?', options })
  await grantCrew(api.pool, 'form', 'run')
  await grantCrew(api.pool, 'fork', 'view')
})
afterAll(() => api.close())

async function taskOf(workflow: string): Promise<{ id: string; execution: string }> {
  const { id } = await api.as('admin').call(startExecution, { body: { workflow } })
  const client = api.as('admin')
  const { items } = await until(
    () => client.call(listTasks, { query: { box: 'all', execution: id } }),
    (page) => page.items.length > 0,
  )
  return { id: items[0]?.id as string, execution: id }
}
const seen = async (actor: Actor, box: 'mine' | 'done' | 'all' = 'mine') =>
  (await api.as(actor).call(listTasks, { query: { box } })).items.map(({ id }) => id)
const ended = (execution: string) =>
  until(
    () => api.as('admin').call(getExecution, { params: { id: execution } }),
    ({ endedAt }) => endedAt !== undefined,
  )
const outputOf = async (execution: string) =>
  (await api.as('admin').call(listNodeRuns, { params: { id: execution } })).items[0]?.output

describe('tasks', () => {
  it('without assignees are for whoever may run the workflow', async () => {
    const task = await taskOf('form')
    expect(await seen('operator')).toContain(task.id)
    expect(await seen('designer')).toContain(task.id)
    expect(await seen('stranger')).toEqual([])
    await expect(api.as('stranger').call(getTask, { params: task })).rejects.toMatchObject({ status: 404 })
  })

  it('are for those they name, who need no grant', async () => {
    const [named, crewed] = [await taskOf('named'), await taskOf('crewed')]
    expect(await seen('stranger')).toEqual([named.id])
    expect(await seen('operator')).toContain(crewed.id)
    expect(await seen('operator')).not.toContain(named.id)
    expect(await seen('designer', 'all')).toContain(named.id)
    const refused = api.as('designer').call(submitTask, { params: named, body: {} })
    await expect(refused).rejects.toMatchObject({ status: 403 })
    await api.as('stranger').call(submitTask, { params: { id: named.id }, body: { values: { done: true } } })
    await ended(named.execution)
    expect(await seen('stranger', 'done')).toEqual([named.id])
  })

  it('take a form only when it fits, with its defaults', async () => {
    const task = await taskOf('form')
    const submit = (values: object) =>
      api.call('operator', `POST /api/v1/tasks/${task.id}/submit`, { values })
    expect(await submit({ count: 'many' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-inputs', pointer: '/values/count' },
    })
    expect(await submit({})).toMatchObject({ status: 400, body: { pointer: '/values/count' } })
    expect(await submit({ count: 3 })).toMatchObject({
      status: 200,
      body: { status: 'done', endedBy: 'operator', answer: { count: 3, note: 'none' }, acts: [] },
    })
    expect(await submit({ count: 4 })).toMatchObject({ status: 409, body: { code: 'illegal-act' } })
    await ended(task.execution)
    expect(await outputOf(task.execution)).toEqual({ count: 3, note: 'none' })
  })

  it('choose a branch that is offered, by those who may', async () => {
    const task = await taskOf('fork')
    const submit = (actor: Actor, port?: string) =>
      api
        .as(actor)
        .call(submitTask, { params: { id: task.id }, body: { reason: 'so', ...(port ? { port } : {}) } })
    await expect(submit('operator', 'left')).rejects.toMatchObject({ status: 403 })
    await expect(submit('admin', 'up')).rejects.toMatchObject({ status: 400, problem: { pointer: '/port' } })
    await expect(submit('admin')).rejects.toMatchObject({ status: 400 })
    await submit('admin', 'left')
    await ended(task.execution)
    expect(await outputOf(task.execution)).toEqual({ choice: 'left', comment: 'so' })
  })

  it('are approved and rejected, not submitted', async () => {
    const [yes, no] = [await taskOf('crewed'), await taskOf('crewed')]
    const of = ({ id }: { id: string }) => ({ params: { id }, body: { reason: 'seen' } })
    await expect(
      api.as('operator').call(submitTask, { params: { id: yes.id }, body: {} }),
    ).rejects.toMatchObject({ code: 'illegal-act' })
    await api.as('operator').call(approveTask, of(yes))
    await api.as('operator').call(rejectTask, of(no))
    expect(await ended(yes.execution)).toMatchObject({ status: 'completed' })
    expect(await ended(no.execution)).toMatchObject({ status: 'rejected' })
  })
})
