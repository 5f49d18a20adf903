// The next time a schedule fires (rule 37). Always later than the last one; on the days on which clocks change:
// a fixed local time that is left out fires at the end of the gap, one that comes twice fires at the first;
// what is named for every hour follows elapsed time.

import { changeBetween, offsetAt } from './time-zone.ts'
import type { Timing } from './timing.ts'
import { type WallClock, wallClock } from './wall-clock.ts'

/** Hours the clocks of any zone ever jumped, with room to spare: Samoa once left out a day. */
const longestJumpMs = 26 * 3_600_000
/** Named times that clocks skip or repeat are passed over one by one; seconds of a repeated hour are the most. */
const maxSteps = 10_000

/** The first instant after `after` (milliseconds, UTC) at which it fires; undefined: never again. */
export function nextFire(timing: Timing, zone: string, after: number): number | undefined {
  const clock = wallClock(timing)
  return clock.isFixed ? nextFixed(clock, zone, after) : nextElapsed(clock, zone, after)
}

/** The next `count` times. */
export function nextFires(timing: Timing, zone: string, given: { after: number; count: number }): number[] {
  const times: number[] = []
  let after = given.after
  while (times.length < given.count) {
    const next = nextFire(timing, zone, after)
    if (next === undefined) break
    times.push(next)
    after = next
  }
  return times
}

function nextFixed(clock: WallClock, zone: string, after: number): number | undefined {
  let wall = after + offsetAt(zone, after)
  for (let step = 0; step < maxSteps; step++) {
    const next = clock.next(wall)
    if (next === undefined) return undefined
    const at = instantOf(zone, next)
    if (at > after) return at
    wall = next
  }
  return undefined
}

/** The instant at which the clocks there show `wall`: the first of two, or the end of the gap it falls into. */
function instantOf(zone: string, wall: number): number {
  const early = wall - longestJumpMs
  const offset = offsetAt(zone, early)
  const at = wall - offset
  if (offsetAt(zone, at) === offset) return at
  const change = changeBetween(zone, early, at)
  const later = wall - offsetAt(zone, change)
  return Math.max(change, later)
}

function nextElapsed(clock: WallClock, zone: string, after: number): number | undefined {
  let since = after
  let wall = after + offsetAt(zone, after)
  for (let step = 0; step < maxSteps; step++) {
    const offset = offsetAt(zone, since)
    const next = clock.next(wall)
    if (next === undefined) return undefined
    const at = next - offset
    if (offsetAt(zone, at) === offset) return at
    since = changeBetween(zone, since, at)
    // One second before the change by the new clocks: the change itself may be a time that is named.
    wall = since - 1000 + offsetAt(zone, since)
  }
  return undefined
}
