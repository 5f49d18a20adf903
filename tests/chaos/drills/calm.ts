// Nothing bad happens: two processes, every form of node, effects that last longer than a dead process is waited for.
import type { NodeDocument } from '../../../src/core/document.ts'
import { publish, runsOf } from '../../helpers/engine.ts'
import type { EngineChild } from './children.ts'
import { times } from './children.ts'
import type { LedgerLine } from './effect-log.ts'
import { type Drill, type Stage, steady } from './stage.ts'

const effect = (id: string, extra: Partial<NodeDocument> = {}): NodeDocument => ({
  id,
  type: 'safe-effect',
  config: {},
  ...extra,
})

const document = {
  key: 'calm',
  settings: { timeout: '10m' },
  nodes: [
    effect('first'),
    effect('long', { config: { ms: 2 * times.deadAfterMs } }),
    effect('again', { config: { failing: 2 }, policy: { retry: { attempts: 3, delay: '20ms' } } }),
    { id: 'if', type: 'condition', config: { when: '1 == 2' } },
    effect('yes'),
    effect('no'),
    effect('all'),
    effect('any', { join: 'any' }),
  ],
  edges: [
    ...['long', 'again', 'if'].map((to) => ({ from: 'first', to })),
    { from: 'if', to: 'yes' },
    { from: 'if', port: 'no', to: 'no' },
    ...['yes', 'no', 'long', 'again'].map((from) => ({ from, to: 'all' })),
    ...['no', 'long', 'again'].map((from) => ({ from, to: 'any' })),
  ],
}

const rows = [
  'again 1 error',
  'again 2 error',
  'again 3 completed',
  ...['all', 'any', 'first', 'if', 'long', 'no'].map((run) => `${run} 1 completed`),
]

export const calm: Drill = async (stage) => {
  await publish(stage.pool, document)
  const processes = await stage.children(2, steady)
  const ids = await startSome(processes)
  const stuck = await stage.settle()
  const wrong = await Promise.all(ids.map((id) => lookAt(stage, id)))
  return [...stuck, ...wrong.flat(), ...complainAbout(stage.lines()), ...(await stage.judge())]
}

async function startSome(processes: readonly EngineChild[]): Promise<string[]> {
  const requests = Array.from({ length: 3 }, () => ({ workflow: 'calm' }))
  const ids = await Promise.all(processes.map((child) => child.start(requests)))
  return ids.flatMap((some) => some ?? [])
}

async function lookAt({ pool }: Stage, id: string): Promise<string[]> {
  const runs = await runsOf(pool, id)
  const found = runs.map(({ run, attempt, status }) => `${run} ${attempt} ${status}`)
  const unlike = rows.toString() === found.toString() ? [] : [`other node runs than expected: ${found}`]
  const lost = runs.filter(({ run, status, output }) => run !== 'if' && status === 'completed' && !output)
  const early = await pool.query(
    `select from fermata.all_node_runs a join fermata.all_node_runs b using (execution_id)
     where a.run = 'all' and b.run in ('long', 'again', 'no') and a.started_at < b.ended_at and execution_id = $1`,
    [id],
  )
  return [
    ...unlike,
    ...lost.map(({ run }) => `the output of ${run} is lost`),
    ...early.map(() => 'a node began before what it waits for had ended'),
  ]
}

function complainAbout(lines: readonly LedgerLine[]): string[] {
  const seen = new Set<string>()
  const keys = new Map<string, string>()
  return lines.flatMap(({ execution, run, attempt, key }) => {
    const place = `${execution} ${run}`
    const twice = seen.has(`${place} ${attempt}`)
    const other = (keys.get(place) ?? key) !== key
    seen.add(`${place} ${attempt}`)
    keys.set(place, key)
    return [
      ...(twice ? [`an effect was repeated although no process died: ${place}`] : []),
      ...(other ? [`a repetition has another key: ${place}`] : []),
    ]
  })
}
