// Looks for due rows: at once when told, else after a pause that is short while there is work (rule 24).
import { type ClaimedRow, claimDue, nextDueMs, takeOver } from '../store/queue.ts'
import { isTransient } from './committer.ts'
import type { Core } from './core.ts'
import type { Worker } from './worker.ts'

export interface Claimer {
  /** Look soon: something is or will be due after so many ms. */
  poke(afterMs?: number): void
  /** Rows of processes that are gone: take them over. */
  takeOverOrphans(): Promise<void>
  stop(): Promise<void>
}

const busyPollMs = 1000
const idlePollMs = 5000
const timersAtOnce = 500

export function createClaimer(
  core: Core,
  worker: Worker,
  handlers: { takeUp(row: ClaimedRow): Promise<void>; effects: boolean },
): Claimer {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY
  let looking: Promise<void> | undefined
  let again = false

  function schedule(afterMs: number): void {
    const at = Date.now() + Math.max(0, afterMs)
    if (stopped || at >= timerAt) return
    clearTimeout(timer)
    timerAt = at
    timer = setTimeout(look, Math.max(0, Math.min(at - Date.now(), 2 ** 31 - 1)))
  }

  function look(): void {
    timerAt = Number.POSITIVE_INFINITY
    if (looking) {
      again = true
      return
    }
    looking = lookOnce()
      .then(schedule, (error: unknown) => {
        if (!isTransient(error)) core.log.error({ err: error }, 'Looking for due work failed')
        schedule(busyPollMs)
      })
      .finally(() => {
        looking = undefined
        if (again) {
          again = false
          schedule(0)
        }
      })
  }

  /** Returns when to look again. */
  async function lookOnce(): Promise<number> {
    const timers = await claimDue(core.pool, { process: core.process, limit: timersAtOnce, effects: false })
    for (const row of timers) void handlers.takeUp(row)
    const effects = handlers.effects ? await claimEffects() : 0
    if (timers.length === timersAtOnce || effects > 0) return 0
    const next = await nextDueMs(core.pool)
    const poll = timers.length > 0 ? busyPollMs : idlePollMs
    return next === undefined ? poll : Math.min(poll, Math.max(next, worker.free > 0 ? 0 : busyPollMs))
  }

  async function claimEffects(): Promise<number> {
    let places = 0
    while (places < 200 && worker.reserve()) places++
    if (places === 0) return 0
    const rows = await claimDue(core.pool, { process: core.process, limit: places, effects: true })
    for (let n = rows.length; n < places; n++) worker.unreserve()
    for (const row of rows) void worker.startClaimed(row)
    return rows.length
  }

  async function takeOverOrphans(): Promise<void> {
    const rows = await takeOver(core.pool, core.process, timersAtOnce)
    for (const row of rows) {
      if (row.kind !== 'run') void handlers.takeUp(row)
      else {
        worker.force()
        void worker.startClaimed(row)
      }
    }
    if (rows.length === timersAtOnce) await takeOverOrphans()
  }

  schedule(0)
  return {
    poke: (afterMs = 0) => schedule(afterMs),
    takeOverOrphans,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
