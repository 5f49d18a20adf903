import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextFire, nextFires } from './next-fire.ts'
import { isTimeZone, offsetAt } from './time-zone.ts'
import type { Timing } from './timing.ts'
import { wallClock } from './wall-clock.ts'

const utc = (text: string) => Date.parse(`${text}Z`)
const iso = (at: number | undefined) =>
  at === undefined ? undefined : new Date(at).toISOString().slice(0, 19)
const daily = (at: string): Timing => ({ mode: 'daily', at })
const cron = (text: string): Timing => ({ mode: 'cron', cron: text })
const fires = (timing: Timing, zone: string, from: string, count = 3) =>
  nextFires(timing, zone, { after: utc(from), count }).map(iso)

describe('the next time', () => {
  it('of each mode', () => {
    const from = '2026-01-30T12:00:00'
    expect(fires({ mode: 'hourly', past: '05' }, 'UTC', from, 2)).toEqual([
      '2026-01-30T12:05:00',
      '2026-01-30T13:05:00',
    ])
    expect(fires(daily('02:30'), 'Asia/Shanghai', from, 2)).toEqual([
      '2026-01-30T18:30:00',
      '2026-01-31T18:30:00',
    ])
    expect(fires({ mode: 'weekly', weekday: 7, at: '08:00:10' }, 'UTC', from, 2)).toEqual([
      '2026-02-01T08:00:10',
      '2026-02-08T08:00:10',
    ])
    expect(fires(cron('*/20 9-17 * * MON-FRI'), 'UTC', from)).toEqual([
      '2026-01-30T12:20:00',
      '2026-01-30T12:40:00',
      '2026-01-30T13:00:00',
    ])
  })

  it('of a day that a month has not is its last day', () => {
    expect(fires({ mode: 'monthly', day: 31, at: '00:00' }, 'UTC', '2028-01-31T00:00:00', 4)).toEqual([
      '2028-02-29T00:00:00',
      '2028-03-31T00:00:00',
      '2028-04-30T00:00:00',
      '2028-05-31T00:00:00',
    ])
  })

  it('that never comes is none', () => {
    expect(nextFire(cron('0 0 30 2 *'), 'Europe/Berlin', utc('2026-01-01T00:00:00'))).toBeUndefined()
  })

  it('waits for the 29th of February', () => {
    expect(fires(cron('0 12 29 2 *'), 'UTC', '2026-03-01T00:00:00', 2)).toEqual([
      '2028-02-29T12:00:00',
      '2032-02-29T12:00:00',
    ])
  })

  it('of a text that is no cron is refused with a pointer', () => {
    expect(() => wallClock(cron('every now and then'))).toThrow(
      expect.objectContaining({
        code: 'invalid-timing',
        details: { pointer: '/timing/cron', why: { key: 'unreadable-cron', cron: 'every now and then' } },
      }),
    )
  })
})

describe('on the day clocks change', () => {
  it('a fixed time that is left out fires at the end of the gap, once', () => {
    // Berlin leaves out 02:00 to 03:00 on 2026-03-29; 03:00 there is 01:00 UTC.
    expect(fires(daily('02:30'), 'Europe/Berlin', '2026-03-28T12:00:00', 2)).toEqual([
      '2026-03-29T01:00:00',
      '2026-03-30T00:30:00',
    ])
    expect(fires(cron('0,15,30 2 * * *'), 'Europe/Berlin', '2026-03-28T12:00:00', 2)).toEqual([
      '2026-03-29T01:00:00',
      '2026-03-30T00:00:00',
    ])
  })

  it('a fixed time that comes twice fires at the first only', () => {
    // Berlin repeats 02:00 to 03:00 on 2026-10-25: first at 00:xx UTC, again at 01:xx UTC.
    expect(fires(daily('02:30'), 'Europe/Berlin', '2026-10-24T12:00:00', 2)).toEqual([
      '2026-10-25T00:30:00',
      '2026-10-26T01:30:00',
    ])
    expect(iso(nextFire(daily('02:30'), 'Europe/Berlin', utc('2026-10-25T01:10:00')))).toBe(
      '2026-10-26T01:30:00',
    )
  })

  it('what is named for every hour follows elapsed time', () => {
    expect(fires({ mode: 'hourly', past: '30' }, 'Europe/Berlin', '2026-10-24T23:00:00', 4)).toEqual([
      '2026-10-24T23:30:00',
      '2026-10-25T00:30:00',
      '2026-10-25T01:30:00',
      '2026-10-25T02:30:00',
    ])
    expect(fires({ mode: 'hourly', past: '00' }, 'Europe/Berlin', '2026-03-28T23:30:00', 3)).toEqual([
      '2026-03-29T00:00:00',
      '2026-03-29T01:00:00',
      '2026-03-29T02:00:00',
    ])
    expect(fires(cron('*/15 * * * * *'), 'America/New_York', '2026-11-01T05:59:40', 3)).toEqual([
      '2026-11-01T05:59:45',
      '2026-11-01T06:00:00',
      '2026-11-01T06:00:15',
    ])
  })

  it('a day left out altogether is fired at its end', () => {
    // Apia had no 30 December 2011: the 31st began at 10:00 UTC of the 30th.
    expect(fires(daily('09:00'), 'Pacific/Apia', '2011-12-29T20:00:00', 2)).toEqual([
      '2011-12-30T10:00:00',
      '2011-12-30T19:00:00',
    ])
  })
})

describe('in any zone', () => {
  const changing = (zone: string) =>
    offsetAt(zone, utc('2025-01-15T00:00:00')) !== offsetAt(zone, utc('2025-07-15T00:00:00'))
  const zones = Intl.supportedValuesOf('timeZone').filter(changing)
  const timing = fc.oneof(
    fc.constantFrom<Timing>(daily('02:30'), daily('00:00'), daily('23:59:59'), {
      mode: 'hourly',
      past: '17',
    }),
    fc.record({
      mode: fc.constant('weekly' as const),
      weekday: fc.integer({ min: 1, max: 7 }),
      at: fc.constant('02:15'),
    }),
    fc.record({
      mode: fc.constant('monthly' as const),
      day: fc.integer({ min: 1, max: 31 }),
      at: fc.constant('01:30'),
    }),
    fc.constantFrom<Timing>(
      cron('*/15 * * * *'),
      cron('5,35 */2 * * *'),
      cron('30 1-3 * * 0'),
      cron('0 0 L * *'),
    ),
  )
  // Most zones change within these weeks.
  const instant = fc.oneof(
    fc.integer({ min: utc('2026-03-05T00:00:00'), max: utc('2026-04-06T00:00:00') }),
    fc.integer({ min: utc('2026-09-25T00:00:00'), max: utc('2026-11-02T00:00:00') }),
  )

  it('the next time is later, is named on the wall there, and none is passed over', () => {
    fc.assert(
      fc.property(timing, fc.constantFrom(...zones), instant, (given, zone, after) => {
        const next = nextFire(given, zone, after)
        expect(next).toBeDefined()
        const at = next ?? 0
        expect(at).toBeGreaterThan(after)
        expect(at).toBe(slowNext(given, zone, { after, upTo: at }))
      }),
      { numRuns: 80 },
    )
  })

  it('is refused when the zone does not exist', () => {
    expect(isTimeZone('Europe/Atlantis')).toBe(false)
    expect(isTimeZone('Asia/Kolkata')).toBe(true)
  })
})

/**
 * The slow way: walks minute by minute and reads the wall; a fixed time fires when it shows for the first time,
 * or when the clocks have jumped over it.
 */
function slowNext(timing: Timing, zone: string, span: { after: number; upTo: number }): number | undefined {
  const clock = wallClock(timing)
  const named = (wall: number) => clock.next(wall - 1000) === wall
  // Five hours are enough to be sure of: what lies further back was looked at by other examples.
  const start = Math.max(span.after + 1, span.upTo - 5 * 3_600_000)
  const first = Math.ceil(start / 1000) * 1000
  const step = (at: number) => (at % 60_000 === 0 && !seconds(timing) ? 60_000 : 1000)
  for (let at = first; at <= span.upTo; at += step(at)) {
    const wall = at + offsetAt(zone, at)
    const before = offsetAt(zone, at - 1000)
    const now = offsetAt(zone, at)
    if (now > before && clock.isFixed && (clock.next(at - 1000 + before) ?? Infinity) < wall) return at
    if (!named(wall)) continue
    const cameBefore =
      clock.isFixed && offsetAt(zone, at - 3 * 3_600_000) > now && shownEarlier(zone, at, wall)
    if (!cameBefore) return at
  }
  return undefined
}

const seconds = (timing: Timing) => 'at' in timing && timing.at.length > 5

function shownEarlier(zone: string, at: number, wall: number): boolean {
  const earlier = wall - offsetAt(zone, at - 3 * 3_600_000)
  return earlier < at && earlier + offsetAt(zone, earlier) === wall
}
