// Which times to fire when a schedule is due, and when it is late (rule 37).
import { nextFire } from './next-fire.ts'
import type { Missed } from './schedule.ts'
import type { Timing } from './timing.ts'

/** Later than this is missed: no scheduler was there. */
export const lateAfterMs = 60_000
/** So many missed ones are caught up with `all`. */
export const mostCaughtUp = 10
/** A guard: times looked at in one window. */
const maxLooks = 20_000

export interface Due {
  timing: Timing
  zone: string
  missed: Missed
  /** The time it is due; not after `now`. */
  due: number
  now: number
}

export interface CaughtUp {
  /** Ascending. */
  fires: number[]
  /** The first time that was missed and will not be fired. */
  skippedFrom?: number
  /** Undefined: never again. */
  next: number | undefined
}

export function catchUp(given: Due): CaughtUp {
  const { timing, zone, due, now } = given
  if (now - due <= lateAfterMs) return { fires: [due], next: nextFire(timing, zone, due) }
  const next = nextFire(timing, zone, now)
  const fires = latest(given).filter((at) => given.missed !== 'skip' || now - at <= lateAfterMs)
  return fires[0] === due ? { fires, next } : { fires, skippedFrom: due, next }
}

/** The last times up to `now`: one, or ten with `all`. Looks back through windows that grow until they hold enough. */
function latest({ timing, zone, due, now, missed }: Due): number[] {
  const wanted = missed === 'all' ? mostCaughtUp : 1
  for (let span = lateAfterMs; ; span *= 8) {
    const from = Math.max(due - 1, now - span)
    const found = firesBetween({ timing, zone, from, to: now })
    if (found.length >= wanted || from < due) return found.slice(-wanted)
  }
}

function firesBetween(given: { timing: Timing; zone: string; from: number; to: number }): number[] {
  const times: number[] = []
  let at = nextFire(given.timing, given.zone, given.from)
  while (at !== undefined && at <= given.to && times.length < maxLooks) {
    times.push(at)
    at = nextFire(given.timing, given.zone, at)
  }
  return times
}
