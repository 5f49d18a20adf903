// Timestamps and durations. The parts of a timestamp are those of UTC unless a time zone is named.
import { boundedCache } from '../../cache.ts'
import { type Frame, fail } from '../frame.ts'
import { article, moment } from '../operators.ts'
import { duration, isDuration, type Value } from '../values.ts'
import { define, type ExpressionFunction, type Functions, textArg } from './function.ts'

const isoTime = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d))?$/
const durationPart = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/y
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** From an ISO text with a zone (a date alone is midnight UTC), or from seconds since 1970. */
function timestamp([value]: readonly Value[], frame: Frame): Date {
  if (value instanceof Date) return value
  if (typeof value === 'number') return moment(value * 1000, frame)
  const text = textArg(value, frame)
  if (!isoTime.test(text)) fail(frame, 'a time is written like 2030-01-31T12:00:00Z')
  return moment(Date.parse(text), frame)
}

function parseDuration([value]: readonly Value[], frame: Frame): Value {
  if (isDuration(value)) return value
  if (typeof value === 'number') return duration(value * 1000)
  const text = textArg(value, frame)
  const negative = text.startsWith('-')
  let ms = 0
  let position = negative ? 1 : 0
  do {
    durationPart.lastIndex = position
    const part = durationPart.exec(text)
    if (!part) return fail(frame, 'a duration is written like 90s, 1h30m or 2d')
    ms += Number(part[1]) * (unitMs[part[2] as string] as number)
    position = durationPart.lastIndex
  } while (position < text.length)
  return duration(negative ? -ms : ms)
}

const formats = boundedCache<Intl.DateTimeFormat>(100)

function formatOf(zone: string, frame: Frame): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const options = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    } as const
    const format = new Intl.DateTimeFormat('en-US', {
      ...options,
      second: 'numeric',
      hourCycle: 'h23',
      timeZone: zone,
    })
    formats.set(zone, format)
    return format
  } catch {
    return fail(frame, `there is no time zone '${zone}'`)
  }
}

/** The same wall-clock time, as if it were UTC. */
function wallClock(date: Date, zone: Value | undefined, frame: Frame): Date {
  if (zone === undefined) return date
  const parts = formatOf(textArg(zone, frame), frame).formatToParts(date)
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value)
  const wall = new Date(0)
  wall.setUTCFullYear(part('year'), part('month') - 1, part('day'))
  wall.setUTCHours(part('hour'), part('minute'), part('second'), date.getUTCMilliseconds())
  return wall
}

const startOfYear = (date: Date): number => Date.UTC(date.getUTCFullYear(), 0, 1)

function part(ofDate: (date: Date) => number, ofDuration?: (ms: number) => number): ExpressionFunction {
  return define([1, 2], ([value, zone], frame) => {
    if (value instanceof Date) return ofDate(wallClock(value, zone, frame))
    if (isDuration(value) && ofDuration) return Math.trunc(ofDuration(value.ms))
    return fail(frame, `expected a timestamp, found ${article(value ?? null)}; use timestamp(…)`)
  })
}

export const timeFunctions: Functions = {
  timestamp: define([1, 1], timestamp),
  duration: define([1, 1], parseDuration),
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part((date) => Math.floor((date.getTime() - startOfYear(date)) / 86_400_000)),
  getHours: part(
    (date) => date.getUTCHours(),
    (ms) => ms / 3_600_000,
  ),
  getMinutes: part(
    (date) => date.getUTCMinutes(),
    (ms) => ms / 60_000,
  ),
  getSeconds: part(
    (date) => date.getUTCSeconds(),
    (ms) => ms / 1000,
  ),
  getMilliseconds: part(
    (date) => date.getUTCMilliseconds(),
    (ms) => ms,
  ),
}
