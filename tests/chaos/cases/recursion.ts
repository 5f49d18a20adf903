// L3: two workflows that call each other by names only known at run time, while processes are killed: they end at the
// limit of depth, and nobody else is hurt.
import { publish } from '../../helpers/engine.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { startMany } from './start-many.ts'
import { underLoad } from './under-load.ts'

const depth = 16
const executionsEach = depth + 1

const calling = (key: string, other: string) => ({
  key,
  nodes: [
    { id: 'a', type: 'safe-stub', config: { n: 1 } },
    { id: 'call', type: 'workflow', config: { workflow: `{{ nodes.a.output.n == 2 ? '${other}' : '' }}` } },
  ],
  edges: [{ from: 'a', to: 'call' }],
})

/** A unit is one chain of calls without an end. */
export const recursion: ChaosCase = {
  id: 'L3',
  title: 'workflows that call each other for ever',
  units: { T0: 3, T1: 40, T2: 300 },
  perChunk: { one: 100, three: 100 },
  async run(ground, { seed, processes, units }) {
    const outcome = await runChaos(ground, { seed, processes }, (stage) => callEachOther(stage, units))
    return { ...outcome, faults: units }
  },
}

async function callEachOther(stage: Stage, units: number): Promise<string[]> {
  const { fleet, database } = stage
  await publish(database.pool, calling('ping', 'pong'))
  await publish(database.pool, calling('pong', 'ping'))
  await underLoad(
    stage,
    () => 5 * units,
    startMany(stage, units, (n) => (n % 2 === 0 ? 'ping' : 'pong')),
  )
  await fleet.end(0, 'SIGKILL')
  await fleet.fill(0)
  return (await untilEnded(stage, units)) ? judgeDepths(stage, units) : ['the chains of calls do not end']
}

const ours = `workflow in ('ping', 'pong')`

async function untilEnded({ database: { pool } }: Stage, units: number): Promise<boolean> {
  const until = Date.now() + 60_000 + 1000 * units
  while (Date.now() < until) {
    const live = await pool.query(`select from fermata.executions where ${ours} and ended_at is null limit 1`)
    if (live.length === 0) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function judgeDepths({ database: { pool } }: Stage, units: number): Promise<string[]> {
  const rows = await pool.query<{ depth: number; status: string; count: number }>(
    `select depth, status, count(*)::int as count from fermata.executions where ${ours} group by 1, 2 order by 1`,
  )
  const found = rows.map((row) => `${row.count} ${row.status} at depth ${row.depth}`)
  const asExpected =
    rows.length === executionsEach &&
    rows.every(({ status, count }) => status === 'failed' && count === units)
  return asExpected ? [] : [`other chains than ${units} of ${executionsEach}: ${found.join(', ')}`]
}
