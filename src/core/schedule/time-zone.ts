// How far a zone's clocks are from UTC. Asks the platform's table of zones, not its clock.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** A name of the IANA table (`Europe/Berlin`), or `UTC`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** Milliseconds to add to an instant to get the time on the wall there. */
export function offsetAt(zone: string, instant: number): number {
  const second = Math.floor(instant / 1000) * 1000
  const read: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(second)) read[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = read
  return Date.UTC(year, month - 1, day, hour, minute, seconds) - second
}

/** The first instant after `from`, up to `to`, at which the clocks differ from those at `from`; to the second. */
export function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from)
  let low = Math.floor(from / 1000)
  let high = Math.ceil(to / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle * 1000) === before) low = middle
    else high = middle
  }
  return high * 1000
}
