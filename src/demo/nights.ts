// The nightly report of the demo world: tried by hand, then begun each night by its schedule.
import { loadCaller } from '../access/callers.ts'
import { findUserByName } from '../access/users.ts'
import { nextFires } from '../core/schedule/next-fire.ts'
import type { Timing } from '../core/schedule/timing.ts'
import { makeSchedule } from '../runtime/schedules/make-schedule.ts'
import type { Db } from '../store/db.ts'
import { firstCompleted, writePastFirings } from '../store/demo-times.ts'
import { listSchedules, readNow } from '../store/schedules.ts'
import type { Story } from './stories.ts'

const workflow = 'nightly-report'
const name = 'Report every night'
const owner = 'li.wei'
const timing: Timing = { mode: 'daily', at: '02:00' }
/** Where the server stands: night is night. */
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const hour = 3_600_000

/** The two nights before `now`, in milliseconds since 1970; the demo's past ends some time ago. */
export function lastNights(now: number): [number, number] {
  const fires = nextFires(timing, timeZone, { after: now - 54 * hour, count: 3 })
  const [first = now - 30 * hour, second = now - 6 * hour] = fires
    .filter((at) => at < now - 2.5 * hour)
    .slice(-2)
  return [first, second]
}

interface Nights {
  /** With the first version of the workflow, which has a fault. */
  faulty: Story[]
  /** With the second one: by hand at first, then by the schedule. */
  mended: Story[]
}

export function nightStories(now: number): Nights {
  const [first, second] = lastNights(now)
  const at = (time: number): Story => ({ workflow, by: owner, hoursAgo: (now - time) / hour })
  return {
    faulty: [at(first - 3.2 * hour), at(first - 2.6 * hour)],
    mended: [
      at(first - 2.1 * hour),
      { ...at(first), isScheduled: true },
      { ...at(second), isScheduled: true },
    ],
  }
}

/** From then on its past is told: its executions bear the name of the schedule, and would not be found again. */
export async function areNightsScheduled(db: Db): Promise<boolean> {
  return (await listSchedules(db, { visible: 'all', workflow, q: name, limit: 1 })).items.length > 0
}

/** Once the past is told: schedules what went well by hand, and calls the nights since its firings. */
export async function scheduleNights(db: Db): Promise<void> {
  if (await areNightsScheduled(db)) return
  const execution = await firstCompleted(db, workflow)
  const user = await findUserByName(db, owner)
  const caller = user && (await loadCaller(db, user.id))
  if (execution === undefined || !caller) return
  const [nextFireAt = null] = nextFires(timing, timeZone, { after: await readNow(db), count: 1 })
  // What was missed while nobody ran the server is not made up for: nothing starts by surprise.
  const settings = { name, timing, timeZone, missed: 'skip', role: 'operator', nextFireAt } as const
  await db.transaction(async (tx) => {
    const schedule = await makeSchedule(tx, { execution, bindings: 'kept', caller, settings })
    await writePastFirings(tx, schedule)
  })
}
