// R15: operators pause, resume, terminate, skip, retry and complete by hand while processes are killed.
import { setTimeout as pause } from 'node:timers/promises'
import type { Act } from '../../../src/runtime/engine.ts'
import type { Random } from '../harness/random.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const perAct = 2
const meanMs = 1500

/** A unit is one act. */
export const operators: ChaosCase = {
  id: 'R15',
  title: 'operators act while processes are killed',
  units: { T0: 0, T1: 300, T2: 3000 },
  perChunk: { one: 300, three: 300 },
  async run(ground, { seed, processes, units }) {
    const outcome = await runChaos(ground, { seed, processes }, (stage) => actAndKill(stage, units))
    return { ...outcome, faults: units }
  },
}

async function actAndKill(stage: Stage, units: number): Promise<string[]> {
  const { random, fleet } = stage
  const problems: string[] = []
  let acts = 0
  async function actOn(): Promise<void> {
    const own = random.fork('acts')
    while (acts < units) {
      await pause(own.int(10, 150))
      const chosen = await chooseAct(stage, own)
      if (!chosen) continue
      acts++
      problems.push(...(await send(stage, chosen)))
    }
  }
  async function kill(): Promise<void> {
    const own = random.fork('kills')
    for (let kills = 0; acts < units; kills++) {
      await pause(own.next() * 2 * meanMs)
      await fleet.end(kills % fleet.members.length, 'SIGKILL')
      await fleet.fill(kills % fleet.members.length)
    }
  }
  await underLoad(stage, () => 20 + perAct * acts, Promise.all([actOn(), kill()]))
  problems.push(...(await resumeAll(stage)))
  const took = stage.load.sent.acts.filter(({ acknowledged }) => acknowledged).length
  if (took < units / 4) problems.push(`only ${took} of ${units} acts were taken`)
  return problems
}

interface Chosen {
  execution: string
  act: Act
}

async function chooseAct({ database }: Stage, random: Random): Promise<Chosen | undefined> {
  const live = await database.pool.query<{ id: string; status: string; attention: boolean }>(
    `select id, status, attention from fermata.executions where ended_at is null order by id desc limit 60`,
  )
  if (live.length === 0) return undefined
  const { id: execution, status, attention } = random.pick(live)
  if (status === 'paused') return { execution, act: { type: 'resume' } }
  if (attention) {
    const [failed] = await database.pool.query<{ run: string; attempt: number }>(
      `select run, attempt from fermata.all_node_runs where execution_id = $1 and error is not null
       order by ended_at desc limit 1`,
      [execution],
    )
    const type = random.pick(['skip', 'retry-run', 'complete'] as const)
    if (failed)
      return { execution, act: { type, ...failed, ...(type === 'complete' ? { output: { n: 1 } } : {}) } }
  }
  return { execution, act: { type: random.pick(['pause', 'pause', 'terminate'] as const) } }
}

async function send({ fleet, load, random, database }: Stage, { execution, act }: Chosen): Promise<string[]> {
  const reply = await fleet.any(random)?.ask({ do: 'act', execution, act })
  const acknowledged = reply !== undefined && 'done' in reply
  const run = 'run' in act ? { run: act.run } : {}
  load.sent.acts.push({ execution, act: act.type, ...run, acknowledged })
  if (reply && 'refused' in reply && reply.refused.code === 'unexpected')
    return [`${act.type}: ${reply.refused.message}`]
  if (!acknowledged || act.type !== 'terminate') return []
  const still = await database.pool.query(
    'select from fermata.executions where id = $1 and ended_at is null',
    [execution],
  )
  return still.length > 0 ? [`${execution} was terminated, as somebody was told, and goes on`] : []
}

/** Nothing is left paused: the rest is to come to its end. */
async function resumeAll(stage: Stage): Promise<string[]> {
  const problems: string[] = []
  for (;;) {
    const paused = await stage.database.pool.query<{ id: string }>(
      `select id from fermata.executions where status = 'paused'`,
    )
    if (paused.length === 0) return problems
    for (const { id } of paused)
      problems.push(...(await send(stage, { execution: id, act: { type: 'resume' } })))
    await pause(100)
  }
}
