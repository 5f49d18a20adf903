// Fires schedules: in any number of processes, each due time once (rule 37). The rows are the truth; the timer here
// only says when to look.

import { catchUp } from '../../core/schedule/catch-up.ts'
import type { Db, Pool } from '../../store/db.ts'
import {
  lockDue,
  type NewFiring,
  takeStarting,
  takeWaiting,
  untilNextDue,
  writeFirings,
} from '../../store/firings.ts'
import type { Log } from '../core.ts'
import type { Engine } from '../engine.ts'
import { repeat } from '../repeat.ts'
import { fireAll } from './fire.ts'
import { deliverAll, settleAll, type Tell } from './tell-news.ts'

export interface Scheduler {
  /** Waits for what is under way. */
  stop(): Promise<void>
}

const lookMs = 1000
const newsMs = 2000
const batch = 500
/** A firing not touched for so long was lost with its process. */
const staleMs = 15_000

export interface SchedulerParts {
  pool: Pool
  engine: Engine
  log: Log
  tell: Tell
}

export function startScheduler(parts: SchedulerParts): Scheduler {
  const options = { log: parts.log, failure: 'Schedules could not be looked at', retryMs: lookMs }
  const firing = repeat(options, () => fireDue(parts))
  const settling = repeat(options, async () => ((await settleAll(parts)) ? 0 : newsMs))
  // Apart: an address that does not answer keeps nobody from being counted.
  const telling = repeat(options, async () => ((await deliverAll(parts)) ? 0 : newsMs))
  return {
    async stop() {
      await Promise.all([firing.stop(), settling.stop(), telling.stop()])
    },
  }
}

/** Fires what is due; answers how long to wait. */
async function fireDue(parts: SchedulerParts): Promise<number> {
  const { pool } = parts
  const { fresh, full } = await pool.transaction((tx) => claimDue(tx))
  const starting = await takeStarting(pool, { fresh, staleMs, limit: batch * 2 })
  const waiting = await takeWaiting(pool, batch)
  await fireAll(parts, [...starting, ...waiting])
  if (full) return 0
  return Math.max(0, Math.min(lookMs, Math.ceil((await untilNextDue(pool)) ?? lookMs)))
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
