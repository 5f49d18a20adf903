// The access matrix: every route of the contract × every kind of caller × objects one may use, may not see, that are missing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, actors, grantCrew, openApi, type TestApi } from '../../tests/helpers/api.ts'
import { chain, publish, until } from '../../tests/helpers/engine.ts'
import { type Known, sampleOf } from '../../tests/helpers/sample-schema.ts'
import type { Grant } from '../access/grants.ts'
import { permissionsOf } from '../access/permissions.ts'
import { urlOf } from '../client/client.ts'
import { insertBatch } from '../store/batches.ts'
import { insertSchedule } from '../store/schedules.ts'
import type { ObjectRule, Route } from './contract/route.ts'
import { routes } from './contract/routes.ts'

let api: TestApi
const objects = ['shared', 'watched', 'foreign', 'missing'] as const
type Which = (typeof objects)[number]
interface Traces {
  execution: string
  task: string
  schedule: string
  batch: string
}
/** Ids of an ended execution, an open task and a schedule by workflow. */
const ids: Record<string, Traces> = {
  missing: { execution: '999999999', task: '999999999', schedule: '999999999', batch: '999999999' },
}

beforeAll(async () => {
  api = await openApi()
  for (const workflow of ['shared', 'watched', 'foreign']) {
    await publish(api.pool, chain(workflow, [{ id: 'a', type: 'manual', config: { title: 'Do it' } }]))
    ids[workflow] = await leaveTraces(workflow)
  }
  await grantCrew(api.pool, 'shared', 'run')
  await grantCrew(api.pool, 'watched', 'view')
})
afterAll(() => api.close())

/** One execution that waits in a task, another that has ended: its stream ends at once. */
async function leaveTraces(workflow: string): Promise<Traces> {
  const by = { name: 'admin' }
  const { id } = await api.engine.start({ workflow, by })
  const readTask = () =>
    api.pool.query<{ id: string }>('select id from fermata.tasks where execution_id = $1', [id])
  const [task] = await until(readTask, (rows) => rows.length > 0)
  const ended = await api.engine.start({ workflow, by })
  await api.engine.act(ended.id, { type: 'terminate' }, by)
  const schedule = await leaveSchedule(workflow, ended.id)
  return { execution: ended.id, task: task?.id as string, schedule, batch: await leaveBatch(workflow) }
}

/** Nobody carries it on here. */
function leaveBatch(workflow: string): Promise<string> {
  return insertBatch(api.pool, {
    workflow,
    version: 1,
    collection: 'host',
    inputs: {},
    conditions: [],
    parallel: 1,
    stopCount: null,
    stopPercent: null,
    dedupKey: null,
    ownerId: '1',
    owner: 'operator',
    targets: [{ id: 'h1', label: 'web-1' }],
  })
}

/** The operator's own; it fires in a thousand years. */
function leaveSchedule(workflow: string, execution: string): Promise<string> {
  return insertSchedule(api.pool, {
    name: workflow,
    workflow,
    version: 1,
    execution,
    targetCollection: null,
    targetId: null,
    targetLabel: null,
    inputs: {},
    bindings: null,
    timing: { mode: 'daily', at: '00:00' },
    timeZone: 'UTC',
    missed: 'skip',
    overlap: 'skip',
    notify: { on: [] },
    pauseAfter: null,
    role: null,
    state: 'paused',
    ownerId: '1',
    owner: 'operator',
    nextFireAt: null,
  })
}

function knownOf(which: Which, { object }: Route): Known {
  const traces = ids[which] as Traces
  const kind = (['task', 'schedule', 'batch'] as const).find((name) => object && name in object)
  const id = traces[kind ?? 'execution']
  const workflow = which
  return {
    key: object ? workflow : 'nothing',
    id: object ? id : 'x',
    workflow,
    run: 'a',
    name: 'nobody',
    version: 1,
  }
}

async function request(actor: Actor, route: Route, which: Which) {
  const known = knownOf(which, route)
  // Whoever was asked before may have deleted it.
  if (route.object && 'schedule' in route.object)
    await api.pool.run('update fermata.schedules set deleted_at = null')
  const url = urlOf(route, { params: { ...known, host: 'nowhere', port: 22 } as Record<string, unknown> })
  // A body that fits its schema and does nothing: most name something that does not exist.
  const body = route.body
    ? { payload: sampleOf(route.body, { ...known, key: 'nothing' }, { full: false }) as object }
    : {}
  const headers = api.tokens[actor] ? { authorization: `Bearer ${api.tokens[actor]}` } : {}
  const answer = await api.app.inject({ method: route.method, url, headers, ...body, payloadAsStream: true })
  if (route.media === 'event-stream' && answer.statusCode === 200) {
    answer.stream().destroy()
    return { status: 200, text: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer.stream()) chunks.push(chunk as Buffer)
  return { status: answer.statusCode, text: Buffer.concat(chunks).toString() }
}

/** The declared table, read anew: what should become of this request. */
function expected(actor: Actor, { permission, object }: Route, which: Which): 'done' | 401 | 403 | 404 {
  // Requests of this test come from this machine.
  if (permission === 'public' || permission === 'metrics') return 'done'
  if (actor === 'anonymous') return 401
  const permissions: ReadonlySet<string> = permissionsOf([roleOf(actor)], [])
  if (permission !== 'signed-in' && !permissions.has(permission)) return 403
  if (!object) return 'done'
  return expectedOfObject(actor, object, which)
}

function expectedOfObject(actor: Actor, object: ObjectRule, which: Which): 'done' | 403 | 404 {
  if ('task' in object) return decide(grantOf(actor, which), object.task === 'view' ? 'view' : 'run')
  if ('schedule' in object) return expectedOfSchedule(actor, object.schedule, which)
  if ('batch' in object) return decide(grantOf(actor, which), object.batch)
  if (which === 'missing') return object.orNew && mayCreate(actor) ? 'done' : 404
  return decide(grantOf(actor, which), object.grant)
}

const roleOf = (actor: Actor) => (actor === 'stranger' ? 'operator' : actor)
const mayCreate = (actor: Actor) => permissionsOf([roleOf(actor)], []).has('workflow.create')

function expectedOfSchedule(actor: Actor, needs: 'view' | 'change', which: Which): 'done' | 403 | 404 {
  const seen = decide(grantOf(actor, which), needs === 'view' || actor === 'admin' ? 'view' : 'run')
  return needs === 'change' && actor === 'designer' && seen === 'done' ? 403 : seen
}

function grantOf(actor: Actor, which: Which): Grant | undefined {
  if (which === 'missing') return undefined
  if (actor === 'admin' || actor === 'designer') return 'manage'
  if (actor !== 'operator') return undefined
  return which === 'shared' ? 'run' : which === 'watched' ? 'view' : undefined
}

function decide(has: Grant | undefined, needs: Grant): 'done' | 403 | 404 {
  const level = { view: 1, run: 2, manage: 3 }
  if (!has) return 404
  return level[has] >= level[needs] ? 'done' : 403
}

const table = routes.map(({ resource, name, route }) => ({ title: `${resource}.${name}`, route }))

describe.each(table)('$title', ({ route }) => {
  it.each(actors)('%s', async (actor) => {
    for (const which of route.object ? objects : (['shared'] as const)) {
      const { status, text } = await request(actor, route, which)
      const wanted = expected(actor, route, which)
      const at = `${actor} on ${which}: ${status} ${text.slice(0, 200)}`
      if (wanted !== 'done') expect(status, at).toBe(wanted)
      else expect(status >= 500 || isDenial(status, text), at).toBe(false)
    }
  })
})

/** A wrong password is no denial of the route, and a missing node run none of its execution. */
function isDenial(status: number, text: string): boolean {
  if (status === 404) return /There is no (workflow|execution|task|schedule) \S+"/.test(text)
  return status === 403 || (status === 401 && !text.includes('wrong-password'))
}

describe.each(table.filter(({ route }) => route.object))('$title', ({ route }) => {
  it('answers foreign as missing', async () => {
    const plain = async (which: Which) => {
      const { status, text } = await request('stranger', route, which)
      const names = [ids[which]?.execution, ids[which]?.task, ids[which]?.schedule, which]
      return {
        status,
        text: names.reduce<string>((all, name) => all.replace(new RegExp(`\\b${name}\\b`, 'g'), '?'), text),
      }
    }
    expect(await plain('foreign')).toEqual(await plain('missing'))
  })
})
