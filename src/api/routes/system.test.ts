import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish } from '../../../tests/helpers/engine.ts'
import { registerProcess } from '../../store/processes.ts'
import { getWorkers } from '../contract/system.ts'

let api: TestApi
const by = { name: 'admin' }

beforeAll(async () => {
  api = await openApi()
  await publish(api.pool, chain('later', [{ id: 'rest', type: 'delay', config: { for: '1h' } }]))
  await publish(api.pool, chain('work', [{ id: 'go', type: 'probe', config: {} }]))
})
afterAll(() => api.close())

const read = () => api.as('admin').call(getWorkers)

describe('GET /api/v1/system/workers', () => {
  it('lists the processes and says which one answers', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    const what = { roles: ['worker'], tags: ['dmz'], untagged: false, version: '9.9.9', capacity: 7 }
    await registerProcess(api.pool, { id, host: 'far-away pid:[1]', pid: 42, ...what })
    const { processes, now } = await read()
    const [own, other] = processes
    expect(own).toMatchObject({
      id: api.engine.process,
      name: api.engine.core.worker,
      answers: true,
      capacity: 50,
    })
    expect(other).toMatchObject({
      ...what,
      id,
      name: '42@00000000',
      host: 'far-away',
      answers: false,
      running: 0,
    })
    expect(Date.parse(now) - Date.parse(own?.beatAt ?? '')).toBeGreaterThanOrEqual(0)
  })

  it('tells the depth and age of the queue, and what commits cost', async () => {
    const { id } = await api.engine.start({ workflow: 'later', by })
    await api.pool.run(
      `insert into fermata.queue (execution_id, run, attempt, kind, workflow, due_at, claimed_by)
       values (77, 'go', 1, 'run', 'work', now() - interval '1 hour', $1)`,
      [api.engine.process],
    )
    const { queue, commits } = await read()
    expect(queue).toContainEqual({ workflow: 'later', kind: 'wake', state: 'later', count: 1 })
    const claimed = queue.find(({ workflow }) => workflow === 'work')
    // When the first effect of the chain was due says nothing of the present one.
    expect(claimed).toEqual({ workflow: 'work', kind: 'run', state: 'claimed', count: 1 })
    expect(commits.commits).toBeGreaterThanOrEqual(1)
    expect(commits.saves).toBeGreaterThanOrEqual(commits.commits)
    expect(commits.p95Ms).toBeGreaterThanOrEqual(commits.p50Ms)
    await api.pool.run('delete from fermata.queue where execution_id = 77')
    await api.engine.act(id, { type: 'terminate' }, by)
  })

  it('lists interrupted runs that nobody has decided on, and those that are tried again', async () => {
    const fail = { type: 'fail', kind: 'error', code: 'interrupted', message: 'gone' } as const
    api.probe.answer = () => fail
    await publish(api.pool, {
      ...chain('held', [{ id: 'go', type: 'probe', config: {} }]),
      settings: { onFailure: 'hold' },
    })
    const { id } = await api.engine.start({ workflow: 'held', by })
    await expect
      .poll(async () => (await read()).troubled)
      .toMatchObject([{ execution: id, workflow: 'held', run: 'go', attempt: 1, state: 'interrupted' }])
    await api.pool.run(
      `insert into fermata.queue (execution_id, run, attempt, kind, workflow, due_at, crashes)
       values (78, 'go', 1, 'run', 'work', now() + interval '1 hour', 2)`,
    )
    expect((await read()).troubled).toContainEqual(
      expect.objectContaining({ execution: '78', state: 'again', crashes: 2 }),
    )
    await api.pool.run('delete from fermata.queue where execution_id = 78')
    await api.engine.act(id, { type: 'skip', run: 'go' }, by)
    expect((await read()).troubled).toEqual([])
  })
})
