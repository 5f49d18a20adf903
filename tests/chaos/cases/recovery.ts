// RB: a process that holds 1,000 executions is killed: another one has everything going again within a second after
// the claims have expired.
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { heldDocuments, holdAll, measureRecovery, type Recovery } from './held-by-one.ts'

const executions = 1000
const deadAfterMs = 3000
const beatMs = 500
/** Longer than the whole test: nothing moves because an effect happened to end. */
const effectMs = 10_000

/** A unit is a kill of such a process. */
export const recovery: ChaosCase = {
  id: 'RB',
  title: 'a process with 1,000 executions killed',
  units: { T0: 0, T1: 3, T2: 10 },
  perChunk: { one: 1, three: 1 },
  async run(ground, { seed, processes }) {
    const fleet = { size: Math.max(2, processes), beatMs, deadAfterMs, concurrency: executions }
    const measured: Recovery[] = []
    const options = { seed, processes, documents: heldDocuments({ ms: effectMs }), fleet }
    const outcome = await runChaos(ground, options, async (stage) => {
      await holdAll(stage, executions)
      const pid = stage.fleet.members[0]?.pid ?? 0
      await stage.fleet.end(0, 'SIGKILL')
      const diedAt = Date.now()
      await untilTakenUp(stage)
      measured.push(await measureRecovery(stage, pid, diedAt))
      return []
    })
    const takenUpMs = Math.max(...measured.map((one) => one.takenUpMs))
    process.stdout.write(`  freed and taken up after ms: ${JSON.stringify(measured)}\n`)
    return { ...outcome, worstRecoveryMs: takenUpMs }
  },
}

async function untilTakenUp({ database }: Stage): Promise<void> {
  const idle = `select count(*)::int as count from public.leases l where op = 'update' and claimed_by is null
     and was_claimed_by is not null and crashes > 0 and not exists (select from public.leases o
       where o.execution_id = l.execution_id and o.run = l.run and o.id > l.id)`
  const freed = `select count(*)::int as count from public.leases where op = 'update' and claimed_by is null and crashes > 0`
  const count = async (sql: string) => (await database.pool.query<{ count: number }>(sql))[0]?.count ?? 0
  while ((await count(freed)) < executions || (await count(idle)) > 0) await pause(100)
}
