// A process is killed with effects in flight; another one, alive all the time, takes over.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chain, publish } from '../../helpers/engine.ts'
import { countKeys } from './effect-log.ts'
import type { Drill, Stage } from './stage.ts'

const each = 8

export const killed: Drill = async (stage) => {
  const gone = join(stage.folder, 'gone')
  for (const type of ['safe-effect', 'effect']) {
    const nodes = [
      { id: 'cut', type, config: { until: gone } },
      { id: 'next', type, config: {} },
    ]
    await publish(stage.pool, { ...chain(type, nodes), settings: { onFailure: 'hold' } })
  }
  const [victim, other] = await stage.children(2)
  if (!victim || !other) throw new Error('no children')
  const requests = Array.from({ length: each }, () => [{ workflow: 'safe-effect' }, { workflow: 'effect' }])
  const ids = (await victim.start(requests.flat())) ?? []
  await stage.reach(() => stage.lines().length === 2 * each)
  victim.signal('SIGKILL')
  await victim.ended
  writeFileSync(gone, '')
  const stuck = await stage.settle()
  return [...stuck, ...(await lookAt(stage, ids)), ...(await judgeHeld(stage))]
}

async function lookAt(stage: Stage, ids: readonly string[]): Promise<string[]> {
  const rows = await stage.pool.query<{ id: string; workflow: string; status: string; attention: boolean }>(
    'select id, workflow, status, attention from fermata.executions where id = any($1::bigint[]) order by id',
    [ids],
  )
  const times = countKeys(stage.lines())
  return rows.flatMap(({ id, workflow, status, attention }) => {
    const done = times.get(`${id}:cut:1`) ?? 0
    if (workflow === 'effect') {
      const held = attention && status === 'running'
      return [
        ...(held ? [] : [`${id} is ${status}, not held for an operator`]),
        ...(done === 1 ? [] : [`an effect that is not idempotent was done ${done} times: ${id}`]),
      ]
    }
    const ended = status === 'completed' && done === 2
    return ended ? [] : [`an idempotent effect was not repeated with its key: ${id} ${status}, ${done} times`]
  })
}

/** What is held is not over: of its rows only the marks can be judged. */
async function judgeHeld(stage: Stage): Promise<string[]> {
  const rows = await stage.pool.query<{ code: string; count: number }>(
    `select error ->> 'code' as code, count(*)::int as count from fermata.all_node_runs where status = 'error' group by 1`,
  )
  const asExpected = rows.length === 1 && rows[0]?.code === 'interrupted' && rows[0].count === each
  const wrong = asExpected ? [] : [`other failures than ${each} interruptions: ${JSON.stringify(rows)}`]
  return [...wrong, ...(await stage.judge())]
}
