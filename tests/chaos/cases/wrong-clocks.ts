// R13: the clocks of the processes are wrong by minutes and hours, and jump; the one of the database decides.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runChaos, type Stage } from '../harness/run-chaos.ts'
import type { ChaosCase } from './chaos-case.ts'
import { underLoad } from './under-load.ts'

const minuteMs = 60_000
const wrongMs = [10 * minuteMs, -60 * minuteMs, 60 * minuteMs, -10 * minuteMs, 0]
const perKill = 50

/** A unit is one execution; every fifty of them a process is killed, and its successor's clock is wrong in another way. */
export const wrongClocks: ChaosCase = {
  id: 'R13',
  title: 'wrong clocks that jump',
  units: { T0: 0, T1: 500, T2: 3000 },
  perChunk: { one: 500, three: 500 },
  async run(ground, { seed, processes, units }) {
    const fleet = {
      execArgv: ['--import', join(import.meta.dirname, '../preload/shift-clock.ts')],
      variables: (nth: number) => ({ FERMATA_CLOCK_MS: String(wrongMs[nth % wrongMs.length]) }),
    }
    const outcome = await runChaos(ground, { seed, processes, fleet }, async (stage) => {
      await jumpAbout(stage, units)
      return []
    })
    return { ...outcome, faults: outcome.executions }
  },
}

async function jumpAbout(stage: Stage, units: number): Promise<void> {
  const { fleet, random, load } = stage
  const started = () => load.sent.starts.length - load.unacknowledged
  const work = (async () => {
    for (let kills = 0; started() < units; ) {
      await pause(random.int(100, 600))
      random.pick(fleet.members)?.signal('SIGUSR2')
      if (started() < (kills + 1) * perKill) continue
      const place = kills++ % fleet.members.length
      await fleet.end(place, 'SIGKILL')
      await fleet.fill(place)
    }
  })()
  await underLoad(stage, () => units, work)
}
