// Effects that somebody must be asked about: on several records of a node that works on two at a time, and in a group that
// is repeated. The process that has asked is killed before anybody answers.
import type { NodeDocument } from '../../../src/core/document.ts'
import { publish } from '../../helpers/engine.ts'
import { mostAtOnce } from '../harness/oracle-risks.ts'
import type { EngineChild } from './children.ts'
import type { Drill, Stage } from './stage.ts'

const records = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
const skipped = 'h6'
const places = 2
const each = 2

const asking = (id: string, extra: Partial<NodeDocument> = {}): NodeDocument => ({
  ...{ id, type: 'safe-effect', policy: { risk: 'ask' }, config: { harm: true, ms: 60 } },
  ...extra,
})

const hosts = {
  ...{ key: 'hosts', settings: { onFailure: 'hold' as const }, edges: [] },
  nodes: [asking('a', { bind: { path: records.join(','), concurrency: places } })],
}
/** The group is repeated because of its second effect: the first is asked about once more. */
const repeated = {
  ...{ key: 'repeated', edges: [{ from: 'a', to: 'b' }] },
  nodes: [
    { id: 'g', type: 'group', config: {}, policy: { retry: { attempts: 1 } } },
    asking('a', { parent: 'g' }),
    { id: 'b', type: 'safe-effect', parent: 'g', config: { failing: 1 } },
  ],
}

interface Asked {
  execution: string
  run: string
  attempt: number
}

export const risks: Drill = async (stage) => {
  await publish(stage.pool, hosts)
  await publish(stage.pool, repeated)
  const [victim, other] = await stage.children(2)
  if (!victim || !other) throw new Error('no children')
  const workflows = ['hosts', 'repeated'].map((workflow) => ({ workflow }))
  const ids = (await victim.start(Array.from({ length: each }, () => workflows).flat())) ?? []
  const questions = each * (records.length + 1)
  const areAsked = await stage.reach(async () => (await openOnes(stage)).length === questions)
  const early = stage.lines().filter(({ run }) => run !== 'g/b').length
  victim.signal('SIGKILL')
  await victim.ended
  await answerAll(stage, other)
  return [
    ...(areAsked ? [] : [`${questions} questions were not asked together`]),
    ...(early === 0 ? [] : ['an effect was begun before anybody had answered']),
    ...(await stage.settle()),
    ...lookAtCalls(stage, ids),
    ...(await lookAtPlaces(stage)),
    ...(await stage.judge()),
  ]
}

const openOnes = ({ pool }: Stage) =>
  pool.query<Asked>(
    `select execution_id as execution, run, attempt from fermata.node_runs where status = 'risky' and ended_at is null`,
  )

const isOver = async ({ pool }: Stage) =>
  (await pool.query('select from fermata.executions where ended_at is null limit 1')).length === 0

async function answerAll(stage: Stage, child: EngineChild): Promise<void> {
  await stage.reach(async () => {
    const acts = (await openOnes(stage)).map(({ execution: id, run, attempt }) => {
      const type = run.endsWith(`[${skipped}]`) ? ('skip' as const) : ('confirm' as const)
      return { id, act: { type, run, attempt } }
    })
    if (acts.length > 0) await child.act(acts)
    return isOver(stage)
  })
}

/** Each record once, but the one that was skipped; what is repeated with the group twice, under two keys. */
function lookAtCalls(stage: Stage, ids: readonly string[]): string[] {
  return ids.flatMap((id, n) => {
    const runs = n % 2 === 0 ? records.map((record) => `a[${record}]`) : ['g/a']
    return runs.flatMap((run) => {
      const lines = stage.lines().filter((line) => line.execution === id && line.run === run)
      const wanted = run === 'g/a' ? [2, 4] : run.includes(skipped) ? [] : [2]
      const found = lines.map(({ attempt }) => attempt)
      if (JSON.stringify(found) === JSON.stringify(wanted)) return []
      return [`${run} was done by attempts ${found.join()}, confirmed were ${wanted.join()}`]
    })
  })
}

async function lookAtPlaces({ pool }: Stage): Promise<string[]> {
  const spans = await pool.query<{ execution: string; from: Date; to: Date }>(
    `select execution_id as execution, min(at) filter (where status = 'running') as from, max(at) as to
     from public.marks where node = 'a' and run like 'a[%' and attempt > 1 group by execution_id, run, attempt`,
  )
  const byExecution = Map.groupBy(spans, ({ execution }) => execution)
  return [...byExecution].flatMap(([execution, own]) => {
    const most = mostAtOnce(own.map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() })))
    return most <= places ? [] : [`${execution} worked on ${most} records at once, not ${places}`]
  })
}
