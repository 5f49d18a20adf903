// R6: the database stops without a checkpoint and comes back, or takes no writes for a while; the engines stay.
import { setTimeout as pause } from 'node:timers/promises'
import { openPool } from '../../../src/store/db.ts'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const perRestart = 25

/** A unit is one restart, or one spell of read-only. */
export const databaseRestart: ChaosCase = {
  id: 'R6',
  title: 'the database restarts',
  units: { T0: 3, T1: 30, T2: 400 },
  perChunk: { one: 22, three: 22 },
  async run(ground, { seed, processes, units }) {
    const outcome = await runChaos(ground, { seed, processes }, (stage) => restartInTurn(stage, units))
    return { ...outcome, faults: units }
  },
}

async function restartInTurn(stage: Stage, units: number): Promise<string[]> {
  const { random } = stage
  let count = 0
  const work = (async () => {
    for (; count < units; count++) {
      await pause(random.int(1000, 4000))
      if (count % 3 === 2) await takeNoWrites(stage)
      else await restart(stage)
    }
  })()
  await underLoad(stage, () => perRestart * (count + 1), work)
  return []
}

async function restart({ ground, random }: Stage): Promise<void> {
  await ground.stopImmediately()
  await pause(random.int(0, 2000))
  await ground.start()
}

/** As a server looks that has just become a replica. */
async function takeNoWrites({ database, random }: Stage): Promise<void> {
  const turn = async (to: 'on' | 'off') => {
    const admin = openPool({
      connectionString: database.url,
      max: 1,
      options: '-c default_transaction_read_only=off',
    })
    try {
      await admin.run(`alter database ${database.name} set default_transaction_read_only = ${to}`)
      await admin.run(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'chaos' and datname = current_database()`,
      )
    } finally {
      await admin.close()
    }
  }
  await turn('on')
  await pause(random.int(1000, 3000))
  await turn('off')
}
