// Times and durations as people read them. Pure: the present is a parameter.

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** `3 minutes ago`, `in 2 hours`; `now` within five seconds. */
export function relativeTime(at: number, now: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' })
  const difference = at - now
  const size = Math.abs(difference)
  if (size < 5000) return format.format(0, 'second')
  const [unit, length] = units.find(([, ms]) => size >= ms) ?? ['second', 1000]
  // What is past is counted in whole units; what is to come is due in about so many.
  const count = difference < 0 ? Math.trunc(difference / length) : Math.round(difference / length)
  return format.format(count, unit)
}

export function absoluteTime(at: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(at)
}

/** Time of day to the second, for log lines. */
export function clockTime(at: number, tag: string): string {
  return new Intl.DateTimeFormat(tag, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(at)
}

export interface DurationUnits {
  d: string
  h: string
  m: string
  s: string
  ms: string
}

const padded = (value: number): string => String(value).padStart(2, '0')

/** The two largest units that matter: `240ms`, `3.2s`, `12m 04s`, `1h 05m`, `2d 03h`. */
export function durationText(ms: number, { d, h, m, s, ms: milli }: DurationUnits): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}${milli}`
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}${s}`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds}${s}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}${m} ${padded(seconds % 60)}${s}`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}${h} ${padded(minutes % 60)}${m}`
  return `${Math.floor(hours / 24)}${d} ${padded(hours % 24)}${h}`
}
