// Starts that must not become two: the same key at two processes at once, the same record in two executions.
import { chain, publish } from '../../helpers/engine.ts'
import { type Drill, steady } from './stage.ts'

const keys = 20

export const sameKey: Drill = async (stage) => {
  await publish(stage.pool, chain('keyed', [{ id: 'a', type: 'safe-effect', config: {} }]))
  const processes = await stage.children(2, steady)
  const requests = Array.from({ length: keys }, (_, n) => ({ workflow: 'keyed', dedupKey: `key ${n}` }))
  const [one = [], two = []] = await Promise.all(processes.map((child) => child.start(requests)))
  const stuck = await stage.settle()
  const rows = await stage.pool.query('select from fermata.executions')
  return [
    ...stuck,
    ...(rows.length === keys ? [] : [`${rows.length} executions for ${keys} keys`]),
    ...one.filter((id, n) => id !== two[n]).map((id) => `the same key was answered with two ids: ${id}`),
    ...(await stage.judge()),
  ]
}

export const sameRecord: Drill = async (stage) => {
  const { pool } = stage
  const document = chain('locking', [
    { id: 'a', type: 'effect', config: { ms: 60 } },
    { id: 'b', type: 'effect', config: {} },
  ])
  await publish(pool, { ...document, target: { collection: 'host' }, settings: { lock: 'target' } })
  const processes = await stage.children(2, steady)
  const requests = [1, 2].map(() => ({ workflow: 'locking', target: { collection: 'host', id: 'h1' } }))
  await Promise.all(processes.map((child) => child.start(requests)))
  const stuck = await stage.settle()
  const order = stage.lines().map(({ execution }) => execution)
  const mixed = order.some((id, n) => n > 0 && id !== order[n - 1] && order.slice(0, n - 1).includes(id))
  return [
    ...stuck,
    ...(mixed ? [`two executions worked on one record at once: ${order}`] : []),
    ...(order.length === 8 ? [] : [`${order.length} effects, not 8`]),
    ...(await stage.judge()),
  ]
}
