// Operators act through a process that is killed right before or right after it has stored the act.

import { chain, publish } from '../../helpers/engine.ts'
import type { ChildAct } from './children.ts'
import { type Drill, type Stage, steady } from './stage.ts'

type Side = 'before' | 'after'
type Given = 'pause' | 'terminate' | 'skip'
const statusAfter: Record<Given, string> = { pause: 'paused', terminate: 'canceled', skip: 'completed' }
const sides: readonly Side[] = ['before', 'after']

/** What was acknowledged holds; what was not may hold, whole or not at all; and the next process can go on from it. */
export const actsUnderKill: Drill = async (stage) => {
  await publish(stage.pool, chain('waiting', [{ id: 'w', type: 'delay', config: { for: '1h' } }]))
  const found: string[] = []
  for (const given of ['pause', 'terminate', 'skip'] as const) {
    for (const side of sides) found.push(...(await actAndDie(stage, given, side)))
  }
  const [last] = await stage.children(1, steady)
  found.push(...(await endAll(stage, (acts) => last?.act(acts))))
  return [...found, ...(await stage.settle()), ...(await stage.judge())]
}

async function actAndDie(stage: Stage, given: Given, side: Side): Promise<string[]> {
  const victim = stage.load(steady)
  // The first commit starts the execution, the second one is the act.
  await victim.go({ point: 'commit', nth: 2, side })
  const [id = ''] = (await victim.start([{ workflow: 'waiting' }])) ?? []
  const act: ChildAct = { id, act: given === 'skip' ? { type: 'skip', run: 'w' } : { type: given } }
  const codes = await victim.act([act])
  await victim.ended
  const [row] = await stage.pool.query<{ status: string; acts: number }>(
    `select status, (select count(*)::int from fermata.acts where execution_id = e.id) as acts
     from fermata.executions e where id = $1`,
    [id],
  )
  const wanted = side === 'before' ? 'running' : statusAfter[given]
  const acts = side === 'before' ? 0 : 1
  return [
    ...(codes ? [`${given} was answered by a process that was dead by then`] : []),
    ...(row?.status === wanted ? [] : [`${given}, killed ${side}: ${row?.status}, not ${wanted}`]),
    ...(row?.acts === acts
      ? []
      : [`${given}, killed ${side}: ${row?.acts} acts in the history, not ${acts}`]),
  ]
}

async function endAll(
  { pool }: Stage,
  act: (acts: readonly ChildAct[]) => Promise<(string | null)[] | undefined> | undefined,
): Promise<string[]> {
  const live = await pool.query<{ id: string }>('select id from fermata.executions where ended_at is null')
  const codes = await act(live.map(({ id }) => ({ id, act: { type: 'terminate' } })))
  const refused = (codes ?? []).filter((code) => code !== null)
  return refused.map((code) => `what a crash left behind could not be terminated: ${code}`)
}
