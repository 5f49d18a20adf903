// R11: what is stored of some executions makes no sense any more, and their work is due: processes start all the same,
// stay, and do everything else.
import { setTimeout as pause } from 'node:timers/promises'
import type { StubDocument } from '../harness/document-shape.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { startMany } from './start-many.ts'

const healthy = 200
const upWithinMs = 10_000
const doneWithinMs = 60_000

const document = (key: string, nodes: StubDocument['nodes']): StubDocument => ({
  ...{ format: 'fermata/1', key, title: key, kind: 'main', settings: {}, nodes, edges: [] },
  inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
})

const documents = [
  document('fine', [{ id: 'a', type: 'safe-stub', config: { n: '{{ inputs.n }}' } }]),
  document('broken', [{ id: 'nap', type: 'delay', config: { for: '1h' } }]),
]

/** Its state is gone, makes no sense, or belongs to a version that is not there. */
const damages = [
  `snapshot = '{}'`,
  `snapshot = '{"status": "running", "scopes": 5, "runs": "nonsense"}'`,
  `snapshot = '[1, 2, 3]', inputs = '"no object"'`,
  'version = 4711',
]

/** A unit is one execution that is damaged. */
export const corruptRows: ChaosCase = {
  id: 'R11',
  title: 'executions damaged in the database',
  units: { T0: 8, T1: 100, T2: 1000 },
  perChunk: { one: 1000, three: 1000 },
  async run(ground, { seed, processes, units }) {
    const outcome = await runChaos(ground, { seed, processes, documents }, (stage) => damage(stage, units))
    return { ...outcome, faults: units }
  },
}

async function damage(stage: Stage, units: number): Promise<string[]> {
  const { fleet, database, load } = stage
  await startMany(stage, units, () => 'broken')
  const broken = load.sent.starts.splice(0).flatMap(({ execution }) => execution ?? [])
  await Promise.all(fleet.members.map((_, place) => fleet.end(place, 'SIGKILL')))
  await damageAll(stage, broken)
  await database.pool.run('update fermata.queue set due_at = now()')
  const begun = performance.now()
  await Promise.all(fleet.members.map((_, place) => fleet.fill(place)))
  const upAfterMs = Math.round(performance.now() - begun)
  await startMany(stage, healthy, () => 'fine')
  const done = await untilDone(stage)
  await removeAll(stage, broken)
  return [
    ...(upAfterMs <= upWithinMs ? [] : [`up only after ${upAfterMs} ms`]),
    ...(done === healthy ? [] : [`${done} of ${healthy} others were done`]),
  ]
}

/** No transition: the log of these is not to see it. */
async function damageAll({ database }: Stage, executions: readonly string[]): Promise<void> {
  await database.pool.transaction(async (tx) => {
    await tx.run('set local session_replication_role = replica')
    for (const [n, sql] of damages.entries()) {
      const ids = executions.filter((_, m) => m % damages.length === n)
      await tx.run(`update fermata.executions set ${sql} where id = any($1::bigint[])`, [ids])
    }
  })
}

async function untilDone({ database: { pool } }: Stage): Promise<number> {
  const until = Date.now() + doneWithinMs
  for (;;) {
    const rows = await pool.query(
      `select from fermata.executions where workflow = 'fine' and status = 'completed'`,
    )
    if (rows.length === healthy || Date.now() > until) return rows.length
    await pause(50)
  }
}

/** Nothing is to be said about them: they are taken out before the others are judged. */
async function removeAll({ database: { pool } }: Stage, ids: readonly string[]): Promise<void> {
  for (const table of ['queue', 'node_runs', 'run_packs'])
    await pool.run(`delete from fermata.${table} where execution_id = any($1::bigint[])`, [ids])
  await pool.run('delete from fermata.executions where id = any($1::bigint[])', [ids])
}
