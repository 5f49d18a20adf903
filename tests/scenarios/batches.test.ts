// Batches from the API to their executions, on a real database: limits, stop rules, what people do, and processes that die.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { setRowPermission } from '../../src/access/row-permissions.ts'
import type { Batch, BatchTarget } from '../../src/api/contract/batches.ts'
import { allRows } from '../../src/objects/permissions.ts'
import { createRecords } from '../../src/objects/write-records.ts'
import { type Batches, startBatches } from '../../src/runtime/batches/start-batches.ts'
import { type Actor, grantCrew, openApi, type TestApi } from '../helpers/api.ts'
import { chain, publish, silentLog, until } from '../helpers/engine.ts'
import { createGates, type Gates } from './stage.ts'

let api: TestApi
let gates: Gates
const running: Batches[] = []
const many = Array.from({ length: 40 }, (_, n) => `m${String(n).padStart(2, '0')}`)

beforeAll(async () => {
  api = await openApi()
  const patch = [{ id: 'p', type: 'probe', config: { host: '{{ target.id }}' } }]
  await createRecords(api.pool, {
    collection: 'host',
    records: many.map((id, n) => ({ id, name: `many-${id}`, cpu: n % 4 })),
    permissions: allRows,
  })
  await publish(api.pool, {
    ...chain('patch', patch),
    target: { collection: 'host' },
    settings: { onFailure: 'fail' },
  })
  await publish(api.pool, { ...chain('held', patch), target: { collection: 'host' } })
  await publish(api.pool, {
    ...chain('picky', patch),
    target: { collection: 'host', filter: "record.name.startsWith('many')" },
    inputs: { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] },
  })
  await publish(api.pool, chain('untargeted', [{ id: 'p', type: 'probe' }]))
  const ask = { title: 'Go on?', assignees: ['role:admin'] }
  await publish(api.pool, {
    ...chain('asks-below', [{ id: 'a', type: 'approval', config: ask }, ...patch]),
    kind: 'sub',
    target: { collection: 'host' },
    settings: { onFailure: 'hold' },
  })
  const calls = (id: string, workflow: string) => ({
    id,
    type: 'workflow',
    config: { workflow, target: { collection: 'host', id: '{{ target.id }}' } },
  })
  await publish(api.pool, {
    ...chain('between', [calls('c', 'asks-below')]),
    kind: 'sub',
    target: { collection: 'host' },
  })
  await publish(api.pool, {
    key: 'deep',
    nodes: [calls('c', 'between'), ...patch],
    target: { collection: 'host' },
    settings: { onFailure: 'hold' },
  })
  for (const key of ['deep', 'patch', 'held', 'picky', 'untargeted']) await grantCrew(api.pool, key, 'run')
})
afterEach(async () => {
  gates?.open()
  api.probe.answer = () => ({ type: 'done' })
  for (const batches of running.splice(0)) await batches.stop()
  await api.pool.run(`update fermata.batches set state = 'stopped', ended_at = now() where ended_at is null`)
})
afterAll(() => api.close())

function run(): Batches {
  const started = startBatches({ pool: api.pool, engine: api.engine, log: silentLog })
  running.push(started)
  return started
}

async function create(body: object, actor: Actor = 'operator'): Promise<Batch> {
  const answer = await api.call(actor, 'POST /api/v1/batches', { workflow: 'patch', targets: many, ...body })
  expect(answer.status, answer.text).toBe(201)
  return answer.body as unknown as Batch
}

const read = async (id: string, actor: Actor = 'operator') =>
  (await api.call(actor, `GET /api/v1/batches/${id}`)).body as unknown as Batch
const targetsOf = async (id: string, query = '', actor: Actor = 'operator') =>
  (await api.call(actor, `GET /api/v1/batches/${id}/targets${query}`)).body as unknown as {
    items: BatchTarget[]
    next?: string
    at: string
  }
const untilBatch = (id: string, holds: (batch: Batch) => boolean) => until(() => read(id), holds, 20_000)
const untilEnded = (id: string) => untilBatch(id, ({ endedAt }) => endedAt !== undefined)
const act = (id: string, name: string, body: object = {}) =>
  api.call('operator', `POST /api/v1/batches/${id}/${name}`, body)
const startsOf = async (batch: string) =>
  api.pool.query<{ target: string; count: number }>(
    `select target_id as target, count(*)::int as count from fermata.executions
     where dedup_key like 'batch:' || $1 || ':%' group by 1 order by 1`,
    [batch],
  )
/** Every execution waits until it is let go. */
function gated(): Gates {
  gates = createGates()
  api.probe.answer = (ctx) => gates.wait(ctx)
  return gates
}
const failing = (fails: (target: string) => boolean) => {
  api.probe.answer = async (ctx) =>
    fails(String(ctx.config.host))
      ? { type: 'fail', kind: 'failed', code: 'no', message: 'It is broken' }
      : { type: 'done' }
}

describe('a batch', () => {
  it('runs every target once, though two processes carry it on', async () => {
    const { id, acts, counts } = await create({ parallel: 7 })
    expect({ acts, counts }).toEqual({ acts: ['pause', 'stop'], counts: { 'not-started': 40 } })
    run()
    run()
    const ended = await untilEnded(id)
    expect(ended).toMatchObject({ state: 'completed', counts: { completed: 40 }, acts: [] })
    expect(await startsOf(id)).toEqual(many.map((target) => ({ target, count: 1 })))
    const { items } = await targetsOf(id)
    expect(items.map(({ id: target }) => target)).toEqual(many)
    const [first] = await api.pool.query(
      'select trigger, started_by as by, version from fermata.executions where id = $1',
      [items[0]?.execution],
    )
    expect(first).toEqual({ trigger: 'batch', by: 'operator', version: 1 })
    const listed = await api.call('operator', `GET /api/v1/executions?batch=${id}&limit=100`)
    expect(listed.body.items).toHaveLength(40)
  })

  it('never has more under way than its limit', async () => {
    const held = gated()
    const { id } = await create({ parallel: 3 })
    run()
    run()
    for (let done = 0; done < 12; done += 3) {
      await held.untilWaiting(3)
      const { counts } = await read(id)
      const under = (counts.running ?? 0) + (counts.queued ?? 0)
      expect([under, held.waiting.length]).toEqual([3, 3])
      held.open()
    }
    await act(id, 'stop', { reason: 'Enough' })
  })

  it('is paused, resumed, and ends', async () => {
    const held = gated()
    const { id } = await create({ parallel: 2, targets: many.slice(0, 5) })
    run()
    await held.untilWaiting(2)
    expect((await act(id, 'pause', { reason: 'Lunch' })).body).toMatchObject({
      state: 'paused',
      reason: 'Lunch',
    })
    held.open()
    const paused = await untilBatch(id, ({ counts }) => counts.completed === 2)
    expect(paused).toMatchObject({ state: 'paused', counts: { 'not-started': 3 }, acts: ['resume', 'stop'] })
    expect(await act(id, 'pause')).toMatchObject({ status: 409, body: { code: 'illegal-act' } })
    api.probe.answer = () => ({ type: 'done' })
    await act(id, 'resume')
    expect(await untilEnded(id)).toMatchObject({ state: 'completed', counts: { completed: 5 } })
    const rows = await api.pool.query<{ action: string }>(
      'select action from fermata.audit where object = $1 order by id',
      [`batch:${id}`],
    )
    expect(rows.map(({ action }) => action)).toEqual(['batch.create', 'batch.pause', 'batch.resume'])
  })

  it('is stopped with what is under way', async () => {
    const held = gated()
    const { id } = await create({ parallel: 4 })
    run()
    await held.untilWaiting(4)
    await act(id, 'stop', { terminate: true, reason: 'Wrong hosts' })
    const ended = await untilEnded(id)
    expect(ended).toMatchObject({ state: 'stopped', counts: { canceled: 4, 'not-started': 36 } })
    expect(ended.acts).toEqual(['resume', 'retry'])
    const [row] = await api.pool.query(
      `select a.by, a.reason from fermata.acts a join fermata.batch_targets t on t.execution_id = a.execution_id
       where t.batch_id = $1 limit 1`,
      [id],
    )
    expect(row).toEqual({ by: 'operator', reason: 'Wrong hosts' })
  })

  it('is one batch, though it is asked for twice', async () => {
    const [one, other] = await Promise.all([create({ dedupKey: 'k' }), create({ dedupKey: 'k' })])
    expect(other.id).toBe(one.id)
    expect((await create({ dedupKey: 'k' }, 'admin')).id).not.toBe(one.id)
  })
})

describe('the stop rule', () => {
  it('stops once more have failed than are allowed; resumed, what failed is forgiven', async () => {
    failing((target) => target < 'm10')
    const { id } = await create({ parallel: 1, stopCount: 2 })
    run()
    const stopped = await untilEnded(id)
    expect(stopped).toMatchObject({
      state: 'stopped',
      reason: 'failures',
      counts: { failed: 3, 'not-started': 37 },
    })
    await act(id, 'resume', { reason: 'Known hosts' })
    expect(await untilEnded(id)).toMatchObject({ state: 'stopped', counts: { failed: 6, 'not-started': 34 } })
  })

  it('counts percents of all targets', async () => {
    failing(() => true)
    const { id } = await create({ parallel: 1, stopPercent: 10 })
    run()
    expect(await untilEnded(id)).toMatchObject({ state: 'stopped', counts: { failed: 5, 'not-started': 35 } })
  })

  it('counts those held by a failed node, and lets others go on beside them', async () => {
    failing((target) => target < 'm03')
    const { id } = await create({ workflow: 'held', parallel: 1, targets: many.slice(0, 8) })
    run()
    const held = await untilBatch(id, ({ counts }) => counts.completed === 5)
    expect(held).toMatchObject({ state: 'running', attention: 3, counts: { running: 3 } })
    const strict = await create({ workflow: 'held', parallel: 1, stopCount: 0, targets: many.slice(0, 8) })
    const stopped = await untilBatch(strict.id, ({ state }) => state === 'stopped')
    expect(stopped).toMatchObject({ attention: 1, counts: { running: 1, 'not-started': 7 } })
  })
})

describe('retrying what failed', () => {
  it('starts the failed ones again, and them alone', async () => {
    failing((target) => target.endsWith('5'))
    const { id } = await create({ parallel: 10 })
    run()
    expect(await untilEnded(id)).toMatchObject({
      state: 'completed',
      counts: { completed: 36, failed: 4 },
      acts: ['retry'],
    })
    api.probe.answer = () => ({ type: 'done' })
    await act(id, 'retry', { reason: 'Mended' })
    expect(await untilEnded(id)).toMatchObject({ counts: { completed: 40 } })
    expect((await startsOf(id)).filter(({ count }) => count === 2).map(({ target }) => target)).toEqual([
      'm05',
      'm15',
      'm25',
      'm35',
    ])
    expect(await act(id, 'retry')).toMatchObject({ status: 409 })
  })

  it('lets those go on that are held, in their own executions', async () => {
    failing(() => true)
    const { id } = await create({ workflow: 'held', targets: many.slice(0, 3) })
    run()
    await untilBatch(id, ({ attention }) => attention === 3)
    api.probe.answer = () => ({ type: 'done' })
    await act(id, 'retry')
    expect(await untilEnded(id)).toMatchObject({ state: 'completed', counts: { completed: 3 } })
    expect((await startsOf(id)).every(({ count }) => count === 1)).toBe(true)
  })

  it('does not count what somebody retried by hand', async () => {
    failing((target) => target === 'm01')
    const { id } = await create({ targets: many.slice(0, 3) })
    run()
    await untilEnded(id)
    const failed = (await targetsOf(id, '?status=failed')).items
    expect(failed).toMatchObject([{ id: 'm01', attempt: 1 }])
    api.probe.answer = () => ({ type: 'done' })
    await api.engine.act(failed[0]?.execution as string, { type: 'retry' }, { name: 'operator' })
    await api.engine.waitForEnd(failed[0]?.execution as string, 5000)
    expect(await read(id)).toMatchObject({ counts: { completed: 3 }, acts: [] })
    expect(await act(id, 'retry')).toMatchObject({ status: 409 })
  })
})

describe('a process that dies', () => {
  const stale = (id: string) =>
    api.pool.run(
      `update fermata.batch_targets set changed_at = now() - interval '20 seconds' where batch_id = $1 and state = 'starting'`,
      [id],
    )
  const take = (id: string, count: number) =>
    api.pool.run(
      `update fermata.batch_targets set state = 'starting' where batch_id = $1 and position <= $2`,
      [id, count],
    )

  it('before it started what it took leaves that to another', async () => {
    const { id } = await create({ parallel: 5, targets: many.slice(0, 10) })
    await take(id, 5)
    await stale(id)
    run()
    await untilEnded(id)
    expect((await startsOf(id)).every(({ count }) => count === 1)).toBe(true)
  })

  it('after it started something, before it could write so, has it started once', async () => {
    const { id } = await create({ parallel: 5, targets: many.slice(0, 10) })
    await take(id, 5)
    const target = { collection: 'host', id: 'm02' }
    const early = await api.engine.start({
      workflow: 'patch',
      target,
      dedupKey: `batch:${id}:m02:1`,
      by: { name: 'operator' },
    })
    await stale(id)
    run()
    await untilEnded(id)
    expect((await startsOf(id)).every(({ count }) => count === 1)).toBe(true)
    expect((await targetsOf(id, '?q=m02')).items).toMatchObject([
      { execution: early.id, status: 'completed' },
    ])
  })
})

describe('who may', () => {
  it('run it no more has the rest refused', async () => {
    const held = gated()
    const { id } = await create({ parallel: 1, targets: many.slice(0, 3) })
    run()
    await held.untilWaiting(1)
    await api.pool.run(`delete from fermata.grants where role = 'crew' and workflow = 'patch'`)
    held.open()
    const ended = await until(
      () => read(id, 'admin'),
      ({ endedAt }) => endedAt !== undefined,
    )
    await grantCrew(api.pool, 'patch', 'run')
    expect(ended).toMatchObject({ state: 'completed', counts: { completed: 1, refused: 2 } })
    const [refused] = (await targetsOf(id, '?status=refused')).items
    expect(refused?.reason).toContain('may not run patch')
    expect(refused?.why).toMatchObject({ key: 'owner-may-not', workflow: 'patch' })
  })

  it('see only some records finds, names and counts only these', async () => {
    const { id } = await create({})
    await setRowPermission(api.pool, { role: 'crew', collection: 'host', rule: { filter: 'cpu = 1' } })
    const body = { workflow: 'patch', conditions: ["[name like 'many%']"] }
    const found = (await api.call('operator', 'POST /api/v1/batches/search', body)).body as {
      items: unknown[]
    }
    expect(found.items).toHaveLength(10)
    expect(await read(id)).toMatchObject({ counts: { 'not-started': 10 } })
    expect((await targetsOf(id)).items).toHaveLength(10)
    const refused = await api.call('operator', 'POST /api/v1/batches', {
      workflow: 'patch',
      targets: ['m01', 'm02'],
    })
    expect(refused).toMatchObject({ status: 404, body: { pointer: '/targets/1' } })
    expect((await read(id, 'admin')).counts).toEqual({ 'not-started': 40 })
    await api.pool.run('delete from fermata.row_permissions')
  })

  it('not see the workflow finds no batch of it', async () => {
    const { id } = await create({})
    expect((await api.call('stranger', `GET /api/v1/batches/${id}`)).status).toBe(404)
    expect((await api.call('stranger', 'GET /api/v1/batches')).body).toEqual({ items: [] })
  })
})

describe('what cannot be run on many', () => {
  it.each([
    ['a target that is not there', { targets: ['m01', 'nothing'] }, 404, 'not-found', '/targets/1'],
    ['a target named twice', { targets: ['m01', 'm02', 'm01'] }, 400, 'invalid-inputs', '/targets/2'],
    ['no target', { targets: [] }, 400, 'bad-request', '/targets'],
    [
      'a target the workflow does not want',
      { workflow: 'picky', targets: ['h1'], inputs: { reason: 'x' } },
      400,
      'invalid-inputs',
      '/targets/0',
    ],
    [
      'inputs that do not fit',
      { workflow: 'picky', inputs: { reason: 1 } },
      400,
      'invalid-inputs',
      '/inputs/reason',
    ],
    ['a workflow without a target', { workflow: 'untargeted' }, 400, 'invalid-inputs', '/workflow'],
    ['a version that is not there', { version: 7 }, 404, 'not-found', '/version'],
    ['a limit of nothing', { parallel: 0 }, 400, 'bad-request', '/parallel'],
  ])('is refused: %s', async (_, body, status, code, pointer) => {
    const answer = await api.call('operator', 'POST /api/v1/batches', {
      workflow: 'patch',
      targets: ['m01'],
      ...body,
    })
    expect(answer).toMatchObject({ status, body: { code, pointer } })
  })

  it('is refused while the workflow is disabled, also to search for it', async () => {
    await api.call('admin', 'POST /api/v1/workflows/held/disable', {})
    const body = { workflow: 'held', targets: ['m01'] }
    const refused = { status: 409, body: { code: 'not-published' } }
    expect(await api.call('operator', 'POST /api/v1/batches', body)).toMatchObject(refused)
    expect(await api.call('operator', 'POST /api/v1/batches/search', { workflow: 'held' })).toMatchObject(
      refused,
    )
    await api.call('admin', 'POST /api/v1/workflows/held/enable', {})
  })

  it('is searched for with conditions on any step, and says which of them is wrong', async () => {
    const search = (body: object) =>
      api.call('operator', 'POST /api/v1/batches/search', { workflow: 'patch', ...body })
    const found = await search({ conditions: ["apps[env = 'prod'].unit[name = 'Shop']"] })
    expect(found.body).toMatchObject({
      collection: 'host',
      items: [{ label: 'web-1' }, { label: 'web-2' }],
      truncated: false,
    })
    expect((await search({ q: 'many', limit: 7 })).body).toMatchObject({ truncated: true })
    const wrong = await search({ conditions: ['apps', 'apps[colour = 1]'] })
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'invalid-path', pointer: '/conditions/1', span: [5, 11] },
    })
    const picky = await search({ workflow: 'picky' })
    expect((picky.body as { items: unknown[] }).items).toHaveLength(40)
  })
})

describe('sub-workflows of a batch', () => {
  it('wait for a person once nothing else goes on, for a task or for what holds them', async () => {
    const held = gated()
    const { id } = await create({ workflow: 'deep', targets: ['m01', 'm02'], parallel: 2 })
    run()
    await held.untilWaiting(2)
    // Both ask, two levels below, but each of them still works.
    expect(await untilBatch(id, ({ counts }) => counts.running === 2)).toMatchObject({ asks: 0 })
    held.open()
    expect(await untilBatch(id, ({ asks }) => asks === 2)).toMatchObject({ attention: 0 })
    expect((await targetsOf(id)).items).toMatchObject([{ asks: true }, { asks: true }])
    failing((target) => target === 'm02')
    const tasks = await api.pool.query<{ id: string }>(
      `select id from fermata.tasks where status = 'open' and title = 'Go on?'`,
    )
    expect(tasks).toHaveLength(2)
    for (const task of tasks) await api.engine.answerTask(task.id, { port: 'approve' }, { name: 'admin' })
    const after = await untilBatch(id, ({ counts, asks }) => counts.completed === 1 && asks === 1)
    expect(after).toMatchObject({ counts: { completed: 1, running: 1 }, attention: 0 })
    await act(id, 'stop', { terminate: true, reason: 'Enough' })
    await untilEnded(id)
  })
})

describe('following a batch', () => {
  it('pages through its targets, and then asks for what has changed only', async () => {
    const { id } = await create({ parallel: 2 })
    const first = await targetsOf(id, '?limit=25')
    const second = await targetsOf(id, `?limit=25&cursor=${first.next}`)
    expect([...first.items, ...second.items].map(({ position }) => position)).toEqual(
      many.map((_, n) => n + 1),
    )
    expect(second.next).toBeUndefined()
    await api.pool.run(
      `update fermata.batch_targets set changed_at = now() - interval '1 minute' where batch_id = $1`,
      [id],
    )
    expect((await targetsOf(id, `?since=${first.at}`)).items).toEqual([])
    const held = gated()
    run()
    await held.untilWaiting(2)
    const changed = (await targetsOf(id, `?since=${first.at}`)).items
    expect(changed.map(({ id: target }) => target)).toEqual(['m00', 'm01'])
    await act(id, 'stop', { terminate: true, reason: 'Enough' })
  })
})
