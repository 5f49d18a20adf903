// A process is killed right before its first commit reaches the database: nothing may have been done or said by then.
import { chain, publish } from '../../helpers/engine.ts'
import type { Drill } from './stage.ts'

export const killedAtCommit: Drill = async (stage) => {
  const { pool } = stage
  await publish(pool, chain('one', [{ id: 'a', type: 'effect', config: {} }]))
  const victim = stage.load()
  await victim.go({ point: 'commit', nth: 1, side: 'before' })
  const acknowledged = (await victim.start([{ workflow: 'one' }])) ?? []
  await victim.ended
  const stored = await pool.query<{ id: string }>('select id from fermata.executions')
  const known = new Set(stored.map(({ id }) => id))
  const lost = acknowledged.filter((id) => !known.has(id))
  const early = stage.lines().filter(({ execution }) => !known.has(execution))
  return [
    ...lost.map((id) => `an acknowledged start is not stored: ${id}`),
    ...early.map(({ execution }) => `an effect was begun before its dispatch was stored: ${execution}`),
    ...(await stage.judge()),
  ]
}
