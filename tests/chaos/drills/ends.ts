// How executions end: nothing is left behind, and nothing goes on for ever.
import { chain, publish } from '../../helpers/engine.ts'
import { type Drill, steady } from './stage.ts'

/** Nobody tidies up behind the engine here: its process does not beat. */
export const tidy: Drill = async (stage) => {
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, type: 'safe-effect', config: { ms: 5 } }))
  await publish(stage.pool, chain('tidy', nodes))
  const [one] = await stage.children(1, { beatMs: 60_000, deadAfterMs: 300_000 })
  await one?.start(Array.from({ length: 5 }, () => ({ workflow: 'tidy' })))
  return [...(await stage.settle()), ...(await stage.judge())]
}

const budget = 50

export const endless: Drill = async (stage) => {
  await publish(stage.pool, {
    key: 'endless',
    nodes: [
      { id: 'each', type: 'loop', config: { while: 'true' } },
      { id: 'x', type: 'safe-effect', parent: 'each', config: {} },
    ],
    edges: [],
  })
  const [one] = await stage.children(1, { ...steady, limits: { nodeRuns: budget } })
  await one?.start([{ workflow: 'endless' }])
  const isOver = () => stage.lines().length > 2 * budget
  await stage.reach(async () => {
    const ended = await stage.pool.query('select from fermata.executions where ended_at is not null')
    return isOver() || ended.length === 1
  })
  if (isOver()) return ['an execution ran beyond its budget']
  const rows = await stage.pool.query<{ code: string }>(
    `select error ->> 'code' as code from fermata.executions`,
  )
  return [
    ...(rows[0]?.code === 'limit-exceeded' ? [] : [`the budget is not named: ${rows[0]?.code}`]),
    ...(await stage.judge()),
  ]
}
