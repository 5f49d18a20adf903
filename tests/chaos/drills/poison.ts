// An effect that kills its process: others come up one after another, until the execution is put aside.
import { chain, publish } from '../../helpers/engine.ts'
import type { Drill, Stage } from './stage.ts'

const deathsAllowed = 3

export const poison: Drill = async (stage) => {
  const { pool } = stage
  await publish(pool, chain('deadly', [{ id: 'd', type: 'safe-effect', config: { kill: true } }]))
  await publish(pool, chain('harmless', [{ id: 'h', type: 'safe-effect', config: { ms: 5 } }]))
  let deaths = 0
  for (let isOver = false; !isOver && deaths <= deathsAllowed; ) {
    const [child] = await stage.children(1)
    if (deaths === 0) {
      await child?.start(Array.from({ length: 10 }, () => ({ workflow: 'harmless' })))
      void child?.start([{ workflow: 'deadly', dedupKey: 'deadly' }])
    }
    const died = child?.ended.then(() => true)
    isOver = !(await Promise.race([died, untilOver(stage).then(() => false)]))
    if (!isOver) deaths++
  }
  const rows = await pool.query<{ code: string }>(
    `select coalesce(error ->> 'code', '') as code from fermata.executions where workflow = 'deadly'`,
  )
  const hurt = await pool.query(
    `select from fermata.executions where workflow = 'harmless' and status <> 'completed'`,
  )
  return [
    ...(deaths > deathsAllowed ? ['an effect killed more processes than allowed'] : []),
    ...(rows[0]?.code === 'poison' ? [] : [`the poison is not named: ${rows[0]?.code}`]),
    ...hurt.map(() => 'a harmless execution was hurt'),
    ...(await stage.judge()),
  ]
}

function untilOver({ pool, reach }: Stage): Promise<boolean> {
  return reach(async () => {
    const ended = await pool.query(
      `select from fermata.executions where workflow = 'deadly' and ended_at is not null`,
    )
    const live = await pool.query('select from fermata.executions where ended_at is null')
    return ended.length === 1 && live.length === 0
  })
}
