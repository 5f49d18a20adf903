// The way down (rule 28): claim nothing more, let what runs end, give back the rest, say good-bye.
import { claimsOf, releaseRows } from '../store/queue.ts'
import type { Claimer } from './claimer.ts'
import type { Core } from './core.ts'
import { keyOf } from './hands.ts'
import type { Hints } from './hints.ts'
import type { Places } from './places.ts'
import type { Presence } from './presence.ts'
import type { Worker } from './worker.ts'

export interface Parts {
  core: Core
  worker: Worker
  places: Places
  claimer: Claimer
  presence: Presence
  hints: Hints
  finishWithinMs: number | undefined
}

/** All three together are less than the 25 s of rule 28. */
const defaultFinishWithinMs = 19_000
const saveWithinMs = 4000
const closeWithinMs = 1000

export async function stopEngine(parts: Parts): Promise<void> {
  const { core, worker, places, claimer, presence, hints } = parts
  places.close()
  const finishWithinMs = parts.finishWithinMs ?? defaultFinishWithinMs
  await within(finishWithinMs, claimer.stop().then(core.hands.empty))
  // What is cut short here may have happened: it stays claimed, for others to find as interrupted.
  const cutShort = core.hands.keys()
  worker.abortAll('shutdown')
  await within(saveWithinMs, giveBack(core, presence, cutShort))
  await within(closeWithinMs, Promise.all([hints.stop(), core.committer.close()]))
}

/** Only what nobody has in hand: an effect whose dispatch was just stored begins now, and would run twice. */
async function giveBack(core: Core, presence: Presence, cutShort: ReadonlySet<string>): Promise<void> {
  try {
    await core.committer.idle()
    const claims = await claimsOf(core.pool, core.process)
    const loose = claims.filter((row) => !cutShort.has(keyOf(row)) && !core.hands.hold(keyOf(row)))
    await releaseRows(core.pool, core.process, loose)
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
