import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCrew, openApi, type TestApi } from '../../../tests/helpers/api.ts'
import { chain, publish, until } from '../../../tests/helpers/engine.ts'
import { fail } from '../../core/outcome.ts'
import {
  confirmRisks,
  getExecution,
  listActs,
  listExecutions,
  pauseExecution,
  resumeExecution,
  retryExecution,
  startExecution,
  terminateExecution,
} from '../contract/executions.ts'
import {
  chooseRun,
  completeRun,
  confirmRun,
  listBindings,
  listLogs,
  listNodeRuns,
  retryRun,
  skipRun,
} from '../contract/node-runs.ts'

let api: TestApi
const hold = { settings: { onFailure: 'hold' as const } }
beforeAll(async () => {
  api = await openApi()
  const probe = { id: 'a', type: 'probe', config: { output: { n: 1 } } }
  await publish(api.pool, chain('quick', [probe]))
  await publish(api.pool, {
    ...chain('held', [probe, { id: 'b', type: 'set', config: { values: {} } }]),
    ...hold,
  })
  await publish(api.pool, chain('nap', [{ id: 'd', type: 'delay', config: { for: '1h' } }]))
  const options = [{ name: 'left' }, { name: 'right' }]
  await publish(
    api.pool,
    chain('fork', [{ id: 'c', type: 'choice', config: { question: 'Where to?', options } }]),
  )
  await publish(api.pool, {
    ...chain('bound', [{ ...probe, bind: { path: 'unit.apps' } }]),
    target: { collection: 'app', filter: "record.status == 'running'" },
    ...hold,
  })
  const reboot = { connection: 'none', host: 'nowhere.invalid', command: 'sudo reboot' }
  const asking = { type: 'ssh-command', config: reboot, policy: { risk: 'ask' as const } }
  await publish(api.pool, { ...hold, key: 'risky', nodes: ['a', 'b'].map((id) => ({ ...asking, id })) })
  await publish(api.pool, { key: 'hidden' })
  for (const key of ['quick', 'held', 'nap', 'fork', 'bound', 'risky']) await grantCrew(api.pool, key, 'run')
})
afterAll(() => api.close())

const start = (workflow: string, extra: object = {}) =>
  api.as('operator').call(startExecution, { body: { workflow, waitMs: 10_000, ...extra } })
const read = (id: string) => api.as('operator').call(getExecution, { params: { id } })
const runsOf = async (id: string) => (await api.as('operator').call(listNodeRuns, { params: { id } })).items
const reached = (id: string, holds: (at: Awaited<ReturnType<typeof read>>) => boolean) =>
  until(() => read(id), holds)

function failing(times: number, what = fail('failed', 'broken', 'It is broken')) {
  let left = times
  api.probe.answer = (ctx) => {
    ctx.log('tried')
    return left-- > 0 ? what : { type: 'done', output: 'ok' }
  }
}
const succeeding = () => failing(0)

describe('starting', () => {
  it('answers when it has ended, with everything people want to see', async () => {
    succeeding()
    const execution = await start('quick', { inputs: { reason: 'test' } })
    expect(execution).toMatchObject({
      workflow: 'quick',
      version: 1,
      status: 'completed',
      startedBy: 'operator',
      trigger: 'api',
      test: false,
      acts: [],
      notReached: [],
      endedAt: expect.any(String),
    })
    expect(await read(execution.id)).toMatchObject({ inputs: { reason: 'test' }, document: { key: 'quick' } })
    expect(await runsOf(execution.id)).toMatchObject([
      {
        id: 'a',
        node: 'a',
        type: 'probe',
        scope: '',
        attempt: 1,
        status: 'completed',
        output: 'ok',
        acts: [],
      },
    ])
    const logs = await api.as('operator').call(listLogs, { params: { id: execution.id, run: 'a' } })
    expect(logs.items).toMatchObject([{ line: 1, text: 'tried' }])
  })

  it('knows the same start again, within its workflow', async () => {
    succeeding()
    const one = await start('quick', { dedupKey: 'same' })
    expect((await start('quick', { dedupKey: 'same' })).id).toBe(one.id)
    expect((await start('held', { dedupKey: 'same' })).id).not.toBe(one.id)
  })

  it.each([
    [{ workflow: 'nowhere' }, 404, 'not-found'],
    [{ workflow: 'hidden' }, 404, 'not-found'],
    [{ workflow: 'quick', version: 9 }, 404, 'not-found'],
    [{ workflow: 'quick', target: { collection: 'app', id: 'a1' } }, 400, 'invalid-inputs'],
    [{ workflow: 'bound' }, 400, 'invalid-inputs'],
    [{ workflow: 'bound', target: { collection: 'app', id: 'none' } }, 404, 'not-found'],
    [{ workflow: 'bound', target: { collection: 'app', id: 'a3' } }, 400, 'invalid-inputs'],
    [
      { workflow: 'bound', target: { collection: 'app', id: 'a1' }, bindings: { a: ['h1'] } },
      400,
      'invalid-binding',
    ],
  ])('refuses %j', async (body, status, code) => {
    expect(await api.call('operator', 'POST /api/v1/executions', body)).toMatchObject({
      status,
      body: { code },
    })
  })
})

describe('acting', () => {
  it('holds on a failure, is retried with a reason, and completes', async () => {
    failing(1)
    const { id } = await start('held', { waitMs: 0 })
    const held = await reached(id, ({ attention }) => attention)
    expect(held).toMatchObject({ status: 'running', acts: ['pause', 'retry', 'terminate'] })
    expect(await runsOf(id)).toMatchObject([
      { status: 'failed', error: { code: 'broken' }, acts: ['retry', 'skip', 'complete'] },
    ])
    await api
      .as('operator')
      .call(retryRun, { params: { id, run: 'a' }, body: { reason: 'disk cleaned', attempt: 1 } })
    await reached(id, ({ status }) => status === 'completed')
    expect(await runsOf(id)).toMatchObject([
      { id: 'a', attempt: 1, status: 'failed', acts: [] },
      { id: 'a', attempt: 2, status: 'completed' },
      { id: 'b', status: 'completed' },
    ])
    const acts = await api.as('operator').call(listActs, { params: { id } })
    expect(acts.items).toMatchObject([{ run: 'a', by: 'operator', reason: 'disk cleaned' }])
  })

  it('refuses a late click on an attempt that is over', async () => {
    failing(2)
    const { id } = await start('held', { waitMs: 0 })
    await reached(id, ({ attention }) => attention)
    const retry = (attempt: number) =>
      api.as('operator').call(retryRun, { params: { id, run: 'a' }, body: { attempt } })
    await retry(1)
    await until(
      () => runsOf(id),
      (runs) => runs.some((run) => run.attempt === 2 && run.acts.length > 0),
    )
    await expect(retry(1)).rejects.toMatchObject({ code: 'illegal-act', status: 409 })
  })

  it('offers acts on the last attempt only, on whichever page it comes', async () => {
    failing(2)
    const { id } = await start('held', { waitMs: 0 })
    await reached(id, ({ attention }) => attention)
    await api.as('operator').call(retryRun, { params: { id, run: 'a' }, body: { attempt: 1 } })
    await until(
      () => runsOf(id),
      (runs) => runs.some((run) => run.attempt === 2 && run.acts.length > 0),
    )
    const page = async (query: { limit?: number; cursor?: string; last?: boolean; node?: string }) => {
      const { items, next } = await api.as('operator').call(listNodeRuns, { params: { id }, query })
      return { runs: items.map(({ attempt, acts }) => [attempt, acts.includes('retry')]), next }
    }
    const first = await page({ limit: 1 })
    expect(first.runs).toEqual([[1, false]])
    expect(await page({ limit: 1, cursor: first.next ?? '' })).toEqual({ runs: [[2, true]] })
    expect(await page({ last: true })).toEqual({ runs: [[2, true]] })
    expect(await page({ node: 'a', limit: 1 })).toMatchObject({ runs: [[1, false]] })
  })

  it('skips and completes by hand, and says who and why', async () => {
    failing(2)
    const skipped = await start('held', { waitMs: 0 })
    const completed = await start('held', { waitMs: 0 })
    for (const { id } of [skipped, completed]) await reached(id, ({ attention }) => attention)
    const of = (id: string) => ({ params: { id, run: 'a' } })
    const run = await api.as('operator').call(skipRun, { ...of(skipped.id), body: { reason: 'not needed' } })
    expect(run).toMatchObject({
      status: 'skipped',
      manual: { act: 'skipped', by: 'operator', reason: 'not needed', at: expect.any(String) },
    })
    const body = { output: { by: 'hand' }, reason: 'done at the console' }
    expect(await api.as('operator').call(completeRun, { ...of(completed.id), body })).toMatchObject({
      status: 'completed',
      output: { by: 'hand' },
      manual: { act: 'completed', by: 'operator' },
    })
    for (const { id } of [skipped, completed]) await reached(id, ({ status }) => status === 'completed')
  })

  it('confirms several risks at once, and only as they were seen', async () => {
    const { id } = await start('risky', { waitMs: 0 })
    const risky = async () => (await runsOf(id)).filter(({ acts }) => acts.includes('confirm'))
    const [first, second] = await until(risky, (runs) => runs.length === 2)
    expect(first).toMatchObject({ status: 'risky', risks: [{ rule: 'power-off', line: 1 }] })
    expect((await read(id)).acts).toEqual(['pause', 'confirm', 'terminate'])
    const confirm = (runs: { run: string; attempt: number }[]) =>
      api.as('operator').call(confirmRisks, { params: { id }, body: { reason: 'At night', runs } })
    const seen = [
      { run: 'a', attempt: first?.attempt ?? 0 },
      { run: 'b', attempt: (second?.attempt ?? 0) + 1 },
    ]
    await expect(confirm([])).rejects.toThrow('/runs')
    expect(await confirm(seen)).toMatchObject({ confirmed: ['a'], refused: ['b'], execution: { id } })
    await expect(confirm(seen)).rejects.toMatchObject({ code: 'illegal-act' })
    const { items } = await api.as('operator').call(listActs, { params: { id } })
    expect(items).toMatchObject([{ act: 'confirm', run: 'a', reason: 'At night' }])
    const alone = { params: { id, run: 'b' }, body: { attempt: second?.attempt ?? 0, reason: 'Seen' } }
    expect(await api.as('operator').call(confirmRun, alone)).toMatchObject({ id: 'b', attempt: 2 })
    await expect(api.as('operator').call(confirmRun, alone)).rejects.toMatchObject({ code: 'illegal-act' })
  })

  it('does not overrule the workflow without being told why', async () => {
    failing(1)
    const { id } = await start('held', { waitMs: 0 })
    await reached(id, ({ attention }) => attention)
    const at = `POST /api/v1/executions/${id}` as const
    const asks: [request: `POST ${string}`, body: object][] = [
      [`${at}/terminate`, {}],
      [`${at}/confirm`, { runs: [{ run: 'a', attempt: 1 }] }],
      [`${at}/node-runs/a/skip`, {}],
      [`${at}/node-runs/a/complete`, { output: {} }],
      [`${at}/node-runs/a/choose`, { port: 'out' }],
      [`${at}/node-runs/a/confirm`, { attempt: 1 }],
      ['POST /api/v1/executions/acts', { act: 'terminate', ids: [id] }],
      ['POST /api/v1/batches/1/stop', {}],
    ]
    for (const [request, body] of asks)
      for (const said of [{}, { reason: '' }, { reason: ' \n' }])
        expect(await api.call('admin', request, { ...body, ...said }), request).toMatchObject({
          status: 400,
          body: { code: 'bad-request', pointer: '/reason', problems: [{ why: { key: 'value-missing' } }] },
        })
    await api.as('operator').call(retryExecution, { params: { id }, body: {} })
    await reached(id, ({ status }) => status === 'completed')
  })

  it('retries an ended execution', async () => {
    failing(1)
    const { id, acts, status } = await start('quick')
    expect({ acts, status }).toEqual({ acts: ['retry'], status: 'failed' })
    await api.as('operator').call(retryExecution, { params: { id }, body: { reason: 'again' } })
    await reached(id, (at) => at.status === 'completed')
  })

  it('pauses, resumes and terminates; refuses what is not legal', async () => {
    const { id, acts } = await start('nap', { waitMs: 0 })
    expect(acts).toEqual(['pause', 'terminate'])
    const input = { params: { id }, body: { reason: 'x' } }
    const client = api.as('operator')
    expect(await client.call(pauseExecution, input)).toMatchObject({
      status: 'paused',
      acts: ['resume', 'terminate'],
    })
    await expect(client.call(pauseExecution, input)).rejects.toMatchObject({ code: 'illegal-act' })
    expect(await client.call(resumeExecution, input)).toMatchObject({ status: 'running' })
    const ended = await client.call(terminateExecution, input)
    expect(ended).toMatchObject({ status: 'canceled', reason: 'terminated', acts: [] })
    await expect(client.call(resumeExecution, input)).rejects.toMatchObject({ code: 'illegal-act' })
  })

  it('shows until when a delay waits, and cuts it short', async () => {
    const { id } = await start('nap', { waitMs: 0 })
    await reached(id, ({ waiting }) => waiting)
    expect(await runsOf(id)).toMatchObject([
      { status: 'waiting', wait: { for: 'time', until: expect.any(String) }, acts: ['skip', 'complete'] },
    ])
    await api.as('operator').call(skipRun, { params: { id, run: 'd' }, body: {} })
    await reached(id, ({ status }) => status === 'completed')
  })

  it('takes a branch, but only one there is', async () => {
    const { id } = await start('fork', { waitMs: 0 })
    await reached(id, ({ waiting }) => waiting)
    const [run] = await runsOf(id)
    expect(run).toMatchObject({ wait: { for: 'person', options: ['left', 'right'] }, acts: ['choose'] })
    const choose = (port: string) =>
      api.as('operator').call(chooseRun, { params: { id, run: 'c' }, body: { port, reason: 'Left is free' } })
    await expect(choose('up')).rejects.toMatchObject({ status: 409 })
    await choose('left')
    await reached(id, ({ status }) => status === 'completed')
  })

  it('retries only the record that failed', async () => {
    api.probe.answer = (ctx) =>
      ctx.record?.id === 'a2' && ctx.run.attempt === 1
        ? fail('failed', 'full', 'Disk full')
        : { type: 'done' }
    const { id } = await start('bound', { target: { collection: 'app', id: 'a1' }, waitMs: 0 })
    await reached(id, ({ attention }) => attention)
    const bindings = await api.as('operator').call(listBindings, { params: { id } })
    expect(bindings.items).toMatchObject([
      { run: 'a', collection: 'app', records: [{ id: 'a1' }, { id: 'a2' }, { id: 'a3' }] },
    ])
    const failed = (await runsOf(id)).filter(({ acts }) => acts.length > 0)
    expect(failed.map((run) => [run.id, run.record])).toEqual([
      ['a', undefined],
      ['a[a2]', 'app/a2'],
    ])
    expect(failed[0]?.acts).toContain('rebind')
    await api.as('operator').call(retryRun, { params: { id, run: 'a[a2]' }, body: {} })
    await reached(id, ({ status }) => status === 'completed')
  })

  it('lets only those who manage the workflow retry with another config', async () => {
    failing(1)
    const { id } = await start('held', { waitMs: 0 })
    await reached(id, ({ attention }) => attention)
    const input = { params: { id, run: 'a' }, body: { config: { output: 'edited' } } }
    await expect(api.as('operator').call(retryRun, input)).rejects.toMatchObject({ status: 403 })
    await api.as('designer').call(retryRun, input)
    await reached(id, ({ status }) => status === 'completed')
    expect(api.probe.calls.at(-1)?.config).toEqual({ output: 'edited' })
  })
})

describe('the list', () => {
  it('pages without gaps or repetitions, newest first, only what one may see', async () => {
    succeeding()
    await api.as('admin').call(startExecution, { body: { workflow: 'hidden', waitMs: 5000 } })
    for (let n = 0; n < 5; n++) await start('quick', { inputs: { n } })
    const client = api.as('operator')
    const all = (await client.call(listExecutions, { query: { limit: 200 } })).items.map(({ id }) => id)
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.call(listExecutions, { query: { limit: 3, ...(cursor ? { cursor } : {}) } })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.next
    } while (cursor)
    expect(paged).toEqual(all)
    expect(new Set(all).size).toBe(all.length)
    const workflows = (await client.call(listExecutions)).items.map(({ workflow }) => workflow)
    expect(workflows).not.toContain('hidden')
    expect((await api.as('stranger').call(listExecutions)).items).toEqual([])
  })

  it('filters', async () => {
    succeeding()
    const { id } = await start('quick')
    const client = api.as('operator')
    const count = async (query: object) => (await client.call(listExecutions, { query })).items.length
    const ids = async (query: object) =>
      (await client.call(listExecutions, { query })).items.map((item) => item.id)
    expect(await ids({ q: id })).toContain(id)
    expect(await ids({ workflow: 'quick', status: 'completed,failed', startedBy: 'operator' })).toContain(id)
    expect(await ids({ status: 'failed' })).not.toContain(id)
    expect(await ids({ to: '2001-01-01T00:00:00Z' })).toEqual([])
    expect(await ids({ from: '2001-01-01T00:00:00Z', trigger: 'api', test: false, version: 1 })).toContain(id)
    expect(await count({ target: 'app:a1' })).toBe(1)
    expect(await count({ q: '%' })).toBe(0)
    expect(await count({ attention: true })).toBeGreaterThan(0)
  })

  it.each([
    ['status=done'],
    ['target=a1'],
    ['cursor=x'],
    ['cursor=WzEsMl0'],
    ['limit=0'],
    ['from=yesterday'],
    ['color=red'],
  ])('refuses ?%s', async (query) => {
    const answer = await api.call('operator', `GET /api/v1/executions?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } })
  })
})
