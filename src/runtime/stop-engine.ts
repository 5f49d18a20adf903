// The way down (rule 28): claim nothing more, let what runs end, give back the rest, say good-bye.
import { releaseClaims } from '../store/queue.ts'
import type { Claimer } from './claimer.ts'
import type { Core } from './core.ts'
import type { Hints } from './hints.ts'
import type { Places } from './places.ts'
import type { Presence } from './presence.ts'
import type { TakeUps } from './take-up.ts'
import type { Worker } from './worker.ts'

export interface Parts {
  core: Core
  worker: Worker
  places: Places
  claimer: Claimer
  takeUps: TakeUps
  presence: Presence
  hints: Hints
  finishWithinMs: number | undefined
}

/** All three together are less than the 25 s of rule 28. */
const defaultFinishWithinMs = 19_000
const saveWithinMs = 4000
const closeWithinMs = 1000

export async function stopEngine(parts: Parts): Promise<void> {
  const { core, worker, places, claimer, takeUps, presence, hints } = parts
  places.close()
  const finishWithinMs = parts.finishWithinMs ?? defaultFinishWithinMs
  await within(finishWithinMs, Promise.all([claimer.stop(), worker.idle(), takeUps.idle()]))
  // What is cut short here may have happened: it stays claimed, for others to find as interrupted.
  const unfinished = [...worker.inFlight.keys()]
  worker.abortAll('shutdown')
  await within(saveWithinMs, giveBack(core, presence, unfinished))
  await within(closeWithinMs, Promise.all([hints.stop(), core.committer.close()]))
}

async function giveBack(core: Core, presence: Presence, unfinished: readonly string[]): Promise<void> {
  try {
    await core.committer.idle()
    await releaseClaims(core.pool, core.process, unfinished)
    await presence.stop()
  } catch (error) {
    core.log.warn({ err: error }, 'Claims could not be given back; others take them over')
  }
}

/** As a crash would: nothing is finished, given back or said. */
export async function abandonEngine({ core, worker, claimer, presence, hints }: Parts): Promise<void> {
  worker.abortAll('abandoned')
  await Promise.all([claimer.stop(), presence.abandon(), hints.stop()])
  await core.committer.close()
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
