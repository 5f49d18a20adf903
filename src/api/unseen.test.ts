// What a user may not see is absent everywhere: no answer to any GET says a word of it, no count includes it, no
// stream tells of it. Made from the table of routes, so that a new route is looked at too.
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, grantCrew, openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, silentLog, until } from '../../tests/helpers/engine.ts'
import { setRowPermission } from '../access/row-permissions.ts'
import { createClient, urlOf } from '../client/client.ts'
import { readEvents } from '../client/events.ts'
import { allRows } from '../objects/permissions.ts'
import { createRecords } from '../objects/write-records.ts'
import { startScheduler } from '../runtime/schedules/start-scheduler.ts'
import type { Tell } from '../runtime/schedules/tell-news.ts'
import { insertSchedule, type NewSchedule } from '../store/schedules.ts'
import { getAssociations } from './contract/associations.ts'
import { getStrip } from './contract/execution-lists.ts'
import { getExecution, listExecutions, startExecution } from './contract/executions.ts'
import { executionEvents, listEvents } from './contract/live.ts'
import { listBindings } from './contract/node-runs.ts'
import { createPreview, listTargets } from './contract/previews.ts'
import { listRecords } from './contract/records.ts'
import { reportWorkflows } from './contract/reports.ts'
import type { Route } from './contract/route.ts'
import { routes } from './contract/routes.ts'
import { listFirings, listSchedules } from './contract/schedules.ts'
import { listTasks } from './contract/tasks.ts'

let api: TestApi
/** Names of what the operator may not see: a workflow of another role, and a record outside of the row permission. */
const hiddenWorkflow = 'payroll-of-directors'
const hiddenRecord = 'merger-archive'
const hidden = [hiddenWorkflow, hiddenRecord]
/** An execution, its task and its schedule, of the workflow that the operator may run. */
let open: { execution: string; task: string; schedule: string }
/** The same, on the hidden record. */
let onHidden: typeof open

beforeAll(async () => {
  api = await openApi({ beatMs: 100, pollMs: 60_000 })
  await createRecords(api.pool, {
    collection: 'app',
    records: [{ id: 'x1', name: hiddenRecord, env: 'uat', status: 'running', unit: 'u1', host: 'h1' }],
    permissions: allRows,
  })
  const nodes = [
    { id: 'a', type: 'manual', config: { title: 'Look at it' } },
    { id: 'b', type: 'probe', bind: { path: 'unit.apps' } },
  ]
  const target = { collection: 'app' }
  for (const key of ['open-works', hiddenWorkflow])
    await publish(api.pool, { ...chain(key, nodes), title: `All about ${key}`, target })
  await grantCrew(api.pool, 'open-works', 'run')
  await setRowPermission(api.pool, { role: 'crew', collection: 'app', rule: { filter: "env = 'prod'" } })
  open = await leaveTraces('open-works', 'a1')
  onHidden = await leaveTraces('open-works', 'x1')
  await leaveTraces(hiddenWorkflow, 'a1')
  await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => api.close())

async function leaveTraces(workflow: string, target: string): Promise<typeof open> {
  const body = { workflow, target: { collection: 'app', id: target } }
  const { id } = await api.as('admin').call(startExecution, { body })
  const tasks = () => api.as('admin').call(listTasks, { query: { box: 'all', execution: id } })
  const { items } = await until(tasks, (page) => page.items.length > 0)
  const schedule = await insertSchedule(api.pool, scheduleOf({ workflow, execution: id, target }))
  return { execution: id, task: items[0]?.id ?? '', schedule }
}

function scheduleOf({
  workflow,
  execution,
  target,
}: Record<'workflow' | 'execution' | 'target', string>): NewSchedule {
  return {
    ...{ name: `each night ${execution}`, workflow, version: 1, execution },
    ...{ targetCollection: 'app', targetId: target, targetLabel: target === 'x1' ? hiddenRecord : 'cart' },
    ...{ inputs: {}, bindings: null, timing: { mode: 'daily', at: '00:00' } as const, timeZone: 'UTC' },
    ...({ missed: 'skip', overlap: 'skip', notify: { on: [] }, pauseAfter: null } as const),
    ...({ role: null, state: 'paused', ownerId: '1', owner: 'admin', nextFireAt: null } as const),
  }
}

async function read(actor: Actor, route: Route, traces: typeof open, search = ''): Promise<string> {
  const id = route.path.includes('/tasks/')
    ? traces.task
    : route.path.includes('/schedules/')
      ? traces.schedule
      : route.path.includes('/records/')
        ? 'x1'
        : traces.execution
  const key = route.path.includes('/collections/') ? 'app' : 'open-works'
  const params: Record<string, unknown> = { id, key, run: 'b', version: 1, name: 'crew' }
  const url = `${urlOf(route, { params })}${search}`
  const headers = { authorization: `Bearer ${api.tokens[actor]}` }
  const answer = await api.app.inject({ method: 'GET', url, headers, payloadAsStream: true })
  if (route.media === 'event-stream') {
    answer.stream().destroy()
    return ''
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer.stream()) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const reads = routes.filter(({ route }) => route.method === 'GET' && route.path !== '/metrics')
const spoken = (text: string) => hidden.filter((name) => text.includes(name))

describe('no answer tells a user with few rights of what is hidden', () => {
  it.each(reads.map(({ resource, name, route }) => ({ title: `${resource}.${name}`, route })))(
    '$title',
    async ({ route }) => {
      for (const traces of [open, onHidden]) {
        const asked = route.path.includes(':')
          ? ['']
          : ['', '?limit=200', '?box=all', `?workflow=${hiddenWorkflow}`]
        for (const search of asked)
          expect([search, spoken(await read('operator', route, traces, search))]).toEqual([search, []])
      }
    },
  )

  it('though the administrator is told', async () => {
    const told = await Promise.all(reads.map(({ route }) => read('admin', route, onHidden)))
    expect(told.filter((text) => text.includes(hiddenRecord)).length).toBeGreaterThan(6)
    expect(told.filter((text) => text.includes(hiddenWorkflow)).length).toBeGreaterThan(4)
  })
})

describe('of a hidden workflow', () => {
  it('nothing is counted', async () => {
    const counts = async (actor: Actor) => {
      const client = api.as(actor)
      const { items: strip } = await client.call(getStrip, {})
      const { items: reports } = await client.call(reportWorkflows, {})
      const { items: tasks } = await client.call(listTasks, { query: { box: 'all' } })
      const { items: executions } = await client.call(listExecutions, { query: {} })
      return {
        strip: strip.reduce((sum, { from: _from, to: _to, ...rest }) => sum + total(Object.values(rest)), 0),
        reported: reports.map(({ workflow }) => workflow),
        tasks: tasks.length,
        executions: executions.length,
      }
    }
    const all = await counts('admin')
    expect(await counts('operator')).toEqual({
      strip: (all.strip / 3) * 2,
      reported: all.reported.filter((workflow) => workflow === 'open-works'),
      tasks: 2,
      executions: 2,
    })
    expect(all).toMatchObject({ tasks: 3, executions: 3 })
    expect(await counts('stranger')).toEqual({ strip: 0, reported: [], tasks: 0, executions: 0 })
  })

  it('no search finds anything', async () => {
    const search = (query: object) => api.as('operator').call(listExecutions, { query })
    for (const query of [
      { q: 'payroll' },
      { workflow: hiddenWorkflow },
      { q: hiddenWorkflow, status: 'running' },
    ])
      expect((await search(query)).items).toEqual([])
    const all = await api.as('admin').call(listExecutions, { query: { workflow: hiddenWorkflow } })
    expect(all.items).toHaveLength(1)
  })

  it('the stream of the list is silent', async () => {
    const leaving = new AbortController()
    const response = await over('operator').open(listEvents, {}, { signal: leaving.signal })
    const seen: string[] = []
    const reading = (async () => {
      for await (const { data } of readEvents(response)) seen.push(data)
    })().catch(() => undefined)
    await leaveTraces(hiddenWorkflow, 'a1')
    const { execution } = await leaveTraces('open-works', 'a1')
    await until(
      async () => seen.join(),
      (text) => text.includes(`"id":"${execution}"`),
    )
    leaving.abort()
    await reading
    expect(seen.join()).not.toContain(hiddenWorkflow)
  })
})

const total = (values: unknown[]): number =>
  values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)

const over = (actor: Actor) => {
  const { port } = api.app.server.address() as AddressInfo
  return createClient({ baseUrl: `http://127.0.0.1:${port}`, token: api.tokens[actor] })
}

describe('a record outside of the row permission', () => {
  it('is no target, has no preview, and is in no list or search of records', async () => {
    const client = api.as('operator')
    const { items: targets } = await client.call(listTargets, {
      params: { key: 'open-works' },
      query: { q: 'merger' },
    })
    expect(targets).toEqual([])
    const body = { workflow: 'open-works', target: { collection: 'app', id: 'x1' } }
    await expect(client.call(createPreview, { body })).rejects.toMatchObject({ status: 404 })
    await expect(client.call(startExecution, { body })).rejects.toMatchObject({ status: 404 })
    const { items } = await client.call(listRecords, { params: { key: 'app' }, query: { q: 'merger' } })
    expect(items).toEqual([])
  })

  it('finds no execution or schedule by its name, or by its id', async () => {
    const found = async (actor: Actor, query: { q?: string; target?: string; needsMe?: boolean }) => {
      const { items } = await api.as(actor).call(listExecutions, { query })
      return items.map(({ id }) => id)
    }
    const byName = [{ q: 'merger' }, { q: hiddenRecord, needsMe: true }, { target: 'app:x1' }]
    for (const query of byName) {
      expect(await found('operator', query), JSON.stringify(query)).toEqual([])
      expect(await found('admin', query), JSON.stringify(query)).toEqual([onHidden.execution])
    }
    // By what may be seen of it, it is found; and so is what may be seen, by its name.
    expect(await found('operator', { q: 'open-works' })).toContain(onHidden.execution)
    expect(await found('operator', { q: 'cart' })).toContain(open.execution)
    expect(await found('operator', { target: 'app:a1' })).toContain(open.execution)
    const schedules = async (q: string) =>
      (await api.as('operator').call(listSchedules, { query: { q } })).items
    expect(await schedules('merger')).toEqual([])
    const all = await api.as('admin').call(listSchedules, { query: { q: 'each night' } })
    expect((await schedules('each night')).length).toBe(
      all.items.filter(({ workflow }) => workflow === 'open-works').length,
    )
    expect((await schedules('cart')).map(({ target }) => target?.id)).not.toContain('x1')
  })

  it('is neither in the preview of another, nor bound by it', async () => {
    const body = { workflow: 'open-works', target: { collection: 'app', id: 'a1' } }
    const { bindings, graph, touched } = await api.as('operator').call(createPreview, { body })
    expect(bindings.flatMap(({ records }) => records.map(({ id }) => id)).sort()).toEqual(['a1', 'a3'])
    expect(graph.nodes.map(({ key }) => key)).not.toContain('app:x1')
    expect(touched).toBe(2)
    expect((await api.as('admin').call(createPreview, { body })).touched).toBe(4)
  })

  it('is not named by an execution that touched it', async () => {
    const params = { id: open.execution }
    const ids = async (actor: Actor) => {
      const { items } = await api.as(actor).call(listBindings, { params })
      return items.flatMap(({ records }) => records.map(({ id }) => id)).sort()
    }
    expect(await ids('admin')).toEqual(['a1', 'a2', 'a3', 'x1'])
    expect(await ids('operator')).toEqual(['a1', 'a3'])
    const graph = await api.as('operator').call(getAssociations, { params })
    expect(graph.nodes.map(({ key }) => key)).not.toContain('app:x1')
  })

  it('is not named by an execution on it, nor by its stream', async () => {
    const params = { id: onHidden.execution }
    expect(await api.as('admin').call(getExecution, { params })).toMatchObject({
      target: { label: expect.any(String) },
    })
    expect(await api.as('operator').call(getExecution, { params })).not.toHaveProperty('target')
    const leaving = new AbortController()
    const response = await over('operator').open(
      executionEvents,
      { params, query: { since: 0 } },
      { signal: leaving.signal },
    )
    for await (const { data } of readEvents(response)) {
      expect(spoken(data)).toEqual([])
      break
    }
    leaving.abort()
  })

  it('is not named by what is mailed to those who may not see it, nor why it could not be worked on', async () => {
    const { pool, engine } = api
    await pool.run(`update fermata.users set mail = name || '@example.org'`)
    await pool.run(
      `insert into fermata.user_roles (user_id, role) select id, 'crew' from fermata.users where name = 'admin' on conflict do nothing`,
    )
    const notify = { on: ['failed'], to: ['owner', 'role'] } satisfies NewSchedule['notify']
    const row = scheduleOf({ workflow: 'open-works', execution: onHidden.execution, target: 'x1' })
    const id = await insertSchedule(pool, { ...row, ...{ name: 'told', notify, role: 'crew' } })
    await pool.run(
      `insert into fermata.firings (schedule_id, due_at, status, reason) values ($1, now(), 'refused', $2)`,
      [id, `There is no app ${hiddenRecord}.`],
    )
    const letters: { to: readonly string[]; text: string }[] = []
    const tell: Tell = {
      mail: async (to, { text }) => void letters.push({ to, text }),
      webhook: async () => undefined,
      link: () => undefined,
    }
    const scheduler = startScheduler({ pool, engine, log: silentLog, tell })
    await until(
      async () => letters,
      (sent) => sent.length === 2,
    )
    await scheduler.stop()
    const sentTo = (name: string) => letters.filter(({ to }) => to.includes(`${name}@example.org`))
    expect(sentTo('operator')).toHaveLength(1)
    expect(spoken(sentTo('operator')[0]?.text ?? '')).toEqual([])
    expect(spoken(sentTo('admin')[0]?.text ?? '')).toEqual([hiddenRecord])
    const firings = await read('operator', listFirings, { ...onHidden, schedule: id })
    expect(firings).toContain('refused')
    expect(spoken(firings)).toEqual([])
  })
})
