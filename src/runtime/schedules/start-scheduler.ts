// Fires schedules: in any number of processes, each due time once (rule 37). The rows are the truth; it sleeps until the
// next is due, is woken when one is changed, and looks now and then for what nobody has told it (docs/adr/0024).

import { catchUp } from '../../core/schedule/catch-up.ts'
import type { Db, Pool } from '../../store/db.ts'
import {
  lockDue,
  type NewFiring,
  readScheduleWork,
  type ScheduleWork,
  takeStarting,
  takeWaiting,
  writeFirings,
} from '../../store/firings.ts'
import type { Log } from '../core.ts'
import type { Engine } from '../engine.ts'
import { repeat } from '../repeat.ts'
import { fireAll } from './fire.ts'
import { deliverAll, newsAtOnce, settleAll, type Tell } from './tell-news.ts'

export interface Scheduler {
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/** What no hint has told of is found so soon (rule 24). */
const defaultIdleMs = 5000
/** While firings wait for an execution to end. */
const waitingMs = 1000
/** Due, but in the hands of another process. */
const contendedMs = 20
const newsMs = 2000
const retryMs = 1000
/** Woken before, whenever there is something to do. */
const restMs = 3_600_000
const batch = 500
/** A firing not touched for so long was lost with its process. */
const staleMs = 15_000

export interface SchedulerParts {
  pool: Pool
  engine: Engine
  log: Log
  tell: Tell
  idleMs?: number
}

export function startScheduler(parts: SchedulerParts): Scheduler {
  const { pool, engine, idleMs = defaultIdleMs } = parts
  const options = { log: parts.log, failure: 'Schedules could not be looked at', retryMs }
  const firing = repeat(options, async () => {
    const { fired, next } = await fireDue(parts)
    if (fired > 0) settling.poke()
    return next
  })
  const settling = repeat({ ...options, leastMs: newsMs }, async () => {
    const settled = await settleAll(parts)
    if (settled > 0) telling.poke()
    return settled === newsAtOnce ? 0 : restMs
  })
  // Apart: an address that does not answer keeps nobody from being counted.
  const telling = repeat(options, async () => ((await deliverAll(parts)) ? 0 : restMs))
  const looking = repeat(options, async () => {
    const work = await readScheduleWork(pool, staleMs)
    if (untilFiring(work) <= 0) firing.poke()
    if (work.news) settling.poke()
    if (work.message !== null && work.message <= 0) telling.poke()
    return idleMs
  })
  const unsubscribe = [engine.onLook('schedules', firing.poke), engine.onChange(settling.poke)]
  return {
    async stop() {
      for (const each of unsubscribe) each()
      await Promise.all([firing, settling, telling, looking].map((work) => work.stop()))
    },
  }
}

const untilFiring = ({ due, stale }: ScheduleWork): number =>
  Math.min(due ?? Number.POSITIVE_INFINITY, stale ?? Number.POSITIVE_INFINITY)

/** Fires what is due; answers how long to wait. */
async function fireDue(parts: SchedulerParts): Promise<{ fired: number; next: number }> {
  const { pool } = parts
  const { fresh, full } = await pool.transaction((tx) => claimDue(tx))
  const starting = await takeStarting(pool, { fresh, staleMs, limit: batch * 2 })
  const waiting = await takeWaiting(pool, batch)
  await fireAll(parts, [...starting, ...waiting])
  const fired = starting.length + waiting.length
  if (full) return { fired, next: 0 }
  const work = await readScheduleWork(pool, staleMs)
  const soonest = Math.min(Math.ceil(untilFiring(work)), work.waiting ? waitingMs : restMs)
  return { fired, next: Math.max(fired > 0 ? 0 : contendedMs, soonest) }
}

async function claimDue(tx: Db): Promise<{ fresh: NewFiring[]; full: boolean }> {
  const due = await lockDue(tx, batch)
  if (due.length === 0) return { fresh: [], full: false }
  const fresh: NewFiring[] = []
  const missed: NewFiring[] = []
  const cursors = due.map((schedule) => {
    const { fires, skippedFrom, next } = catchUp(schedule)
    for (const at of fires) fresh.push({ schedule: schedule.id, due: at, status: 'starting' })
    if (skippedFrom !== undefined) missed.push({ schedule: schedule.id, due: skippedFrom, status: 'missed' })
    return { schedule: schedule.id, next: next ?? null }
  })
  await writeFirings(tx, [...fresh, ...missed], cursors)
  return { fresh, full: due.length === batch }
}
