// One execution with many effects at once, worked on by two processes at the same time.
import type { NodeDocument } from '../../../src/core/document.ts'
import { publish } from '../../helpers/engine.ts'
import { countKeys } from './effect-log.ts'
import { type Drill, steady } from './stage.ts'

const width = 60
/** The more, the surer two processes meet on one of them. */
const executions = 5
const effectsInAll = executions * (width + 1)

export const shared: Drill = async (stage) => {
  const effects: NodeDocument[] = Array.from({ length: width }, (_, n) => ({
    id: `e${n}`,
    type: 'safe-effect',
    config: { ms: 5 },
  }))
  const join = { id: 'join', type: 'safe-effect', config: {} }
  const edges = effects.map(({ id }) => ({ from: id, to: 'join' }))
  await publish(stage.pool, { key: 'shared', nodes: [...effects, join], edges })
  const [one] = await stage.children(2, { ...steady, concurrency: 10 })
  await one?.start(Array.from({ length: executions }, () => ({ workflow: 'shared' })))
  const stuck = await stage.settle()
  const keys = countKeys(stage.lines())
  const pids = new Set(stage.lines().map(({ pid }) => pid))
  const rows = await stage.pool.query(`select from fermata.all_node_runs where status = 'completed'`)
  return [
    ...stuck,
    ...(pids.size === 2 ? [] : ['only one process has worked']),
    ...(keys.size === effectsInAll ? [] : [`${keys.size} effects, not ${effectsInAll}`]),
    ...[...keys].filter(([, times]) => times > 1).map(([key]) => `an effect was repeated: ${key}`),
    ...(rows.length === effectsInAll ? [] : [`${rows.length} node runs recorded, not ${effectsInAll}`]),
    ...(await stage.judge()),
  ]
}
