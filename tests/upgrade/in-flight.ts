// Executions in every state in which an upgrade can meet them, and how each must end afterwards.
import type { WorkflowDocument } from '../../src/core/document.ts'
import type { RunningEngine } from '../../src/runtime/start-engine.ts'
import type { Pool } from '../../src/store/db.ts'
import {
  chain,
  createProbe,
  headOf,
  type Probe,
  publish,
  runsOf,
  startTestEngine,
  until,
} from '../helpers/engine.ts'

const by = { name: 'ann' }
const set = (id: string, text: string) => ({ id, type: 'set', config: { values: { text } } })
const task = (id: string) => ({ id, type: 'manual', config: { title: 'Do it' } })
const hold = { settings: { onFailure: 'hold' as const } }

type Document = Partial<WorkflowDocument> & { key: string }

const documents: Document[] = [
  chain('waits-for-time', [
    set('a', 'before'),
    { id: 'd', type: 'delay', config: { for: '1s' } },
    set('b', '{{ nodes.a.output.text }} and after'),
  ]),
  chain('waits-for-person', [task('t'), set('b', 'after')]),
  { ...chain('kid', [task('t')]), kind: 'sub' },
  chain('waits-for-child', [{ id: 'c', type: 'workflow', config: { workflow: 'kid' } }, set('b', 'after')]),
  { ...chain('repeatable', [{ id: 'e', type: 'again', config: { output: 1 } }, set('b', 'after')]), ...hold },
  {
    ...chain('not-repeatable', [{ id: 'e', type: 'once', config: { output: 1 } }, set('b', 'after')]),
    ...hold,
  },
  { ...chain('one-by-one', [task('t')]), settings: { concurrency: { limit: 1 } } },
  chain('paused', [task('t'), set('b', 'after')]),
  { ...chain('held', [{ id: 'f', type: 'fails', config: {} }, set('b', 'after')]), ...hold },
  {
    key: 'loop',
    nodes: [
      { id: 'each', type: 'loop', config: { times: 5 } },
      { ...task('t'), parent: 'each' },
    ],
  },
  chain('over', [set('a', 'done')]),
]

function probes() {
  const again = createProbe('again', { idempotent: true })
  const once = createProbe('once')
  const fails = createProbe('fails')
  return { again, once, fails, all: [again, once, fails] satisfies Probe[] }
}

/** Leaves an engine that was abandoned, as a crash would, with all of them in flight. */
export async function makeInFlight(pool: Pool): Promise<void> {
  const { again, once, fails, all } = probes()
  for (const probe of [again, once]) probe.answer = () => new Promise(() => undefined)
  fails.answer = () => ({ type: 'fail', kind: 'failed', code: 'broken', message: 'It is broken' })
  const engine = await startTestEngine(pool, { probes: all })
  for (const document of documents) await publish(pool, document)
  const ids: Record<string, string> = {}
  for (const { key, kind } of documents) {
    if (kind === 'sub') continue
    ids[key] = (await engine.start({ workflow: key, by })).id
  }
  await engine.start({ workflow: 'one-by-one', by })
  await until(
    () => tasksOf(pool, 'loop'),
    (tasks) => tasks.length === 1,
  )
  await answerTasks(engine, pool, 'loop')
  await engine.act(ids.paused ?? '', { type: 'pause' }, by)
  await until(
    async () => ({
      held: await headOf(pool, ids.held ?? ''),
      kid: await tasksOf(pool, 'kid'),
      started: again.calls.length + once.calls.length,
    }),
    ({ held, kid, started }) => held.attention && kid.length === 1 && started === 2,
  )
  await engine.abandon()
}

const tasksOf = (pool: Pool, workflow: string) =>
  pool.query<{ id: string }>(
    `select t.id from fermata.tasks t join fermata.executions e on e.id = t.execution_id
     where e.workflow = $1 and t.status = 'open' order by t.id`,
    [workflow],
  )

async function answerTasks(engine: RunningEngine, pool: Pool, workflow: string): Promise<void> {
  for (const { id } of await tasksOf(pool, workflow)) await engine.answerTask(id, { output: 'yes' }, by)
}

export interface Ended {
  workflow: string
  status: string
}

/** Starts the engine of today on it, does what people would do, and answers how everything ended. */
export async function carryOn(pool: Pool): Promise<{ ended: Ended[]; repeated: string[] }> {
  const { all, once, again } = probes()
  const engine = await startTestEngine(pool, { probes: all })
  const find = async (workflow: string) =>
    (await pool.query<{ id: string }>('select id from fermata.executions where workflow = $1', [workflow]))[0]
      ?.id ?? ''
  await engine.act(await find('paused'), { type: 'resume' }, by)
  await engine.act(await find('held'), { type: 'retry' }, by)
  const asked = await find('not-repeatable')
  await until(
    () => headOf(pool, asked),
    ({ attention }) => attention,
  )
  const repeated = once.calls.map(({ execution }) => execution)
  await engine.act(asked, { type: 'complete', run: 'e', output: 'a person looked' }, by)
  const rows = () =>
    pool.query<Ended & { over: boolean }>(
      'select workflow, status, ended_at is not null as over from fermata.executions order by workflow, id',
    )
  await until(
    async () => {
      for (const { key } of documents) await answerTasks(engine, pool, key)
      return rows()
    },
    (ended) => ended.every(({ over }) => over),
    30_000,
  )
  await engine.stop()
  if (again.calls.length !== 1) repeated.push(`again: ${again.calls.length}`)
  return { ended: (await rows()).map(({ workflow, status }) => ({ workflow, status })), repeated }
}

/** What the node runs of one workflow have become. */
export async function outputsOf(pool: Pool, workflow: string): Promise<unknown[]> {
  const [row] = await pool.query<{ id: string }>('select id from fermata.executions where workflow = $1', [
    workflow,
  ])
  return (await runsOf(pool, row?.id ?? '')).map(({ run, status, output }) => [run, status, output])
}
