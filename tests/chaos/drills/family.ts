// Executions that start others: the end of a child is reported, the end of a parent is followed.
import { chain, publish } from '../../helpers/engine.ts'
import { type Drill, steady } from './stage.ts'

export const family: Drill = async (stage) => {
  const { pool } = stage
  const sub = (key: string, nodes: Parameters<typeof chain>[1]) => ({
    ...chain(key, nodes),
    kind: 'sub' as const,
  })
  await publish(pool, sub('quick', [{ id: 'c', type: 'safe-effect', config: {} }]))
  await publish(pool, sub('slow', [{ id: 'd', type: 'delay', config: { for: '1h' } }]))
  for (const child of ['quick', 'slow']) {
    await publish(
      pool,
      chain(`${child}-parent`, [{ id: 'p', type: 'workflow', config: { workflow: child } }]),
    )
  }
  const [one] = await stage.children(2, steady)
  const parents = (await one?.start([{ workflow: 'quick-parent' }, { workflow: 'slow-parent' }])) ?? []
  await stage.reach(async () => {
    const rows = await pool.query(`select from fermata.executions where workflow = 'slow' and waiting`)
    return rows.length === 1
  })
  const refused = (await one?.act([{ id: parents[1] ?? '', act: { type: 'terminate' } }])) ?? []
  const stuck = await stage.settle()
  const rows = await pool.query<{ workflow: string; status: string }>(
    'select workflow, status from fermata.executions order by workflow',
  )
  const found = rows.map(({ workflow, status }) => `${workflow} ${status}`).join(', ')
  const wanted = 'quick completed, quick-parent completed, slow canceled, slow-parent canceled'
  return [
    ...stuck,
    ...refused.filter((code) => code !== null).map((code) => `terminate was refused: ${code}`),
    ...(found === wanted ? [] : [`other ends than wanted: ${found}`]),
    ...(await stage.judge()),
  ]
}
