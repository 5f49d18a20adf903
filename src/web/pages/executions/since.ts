import type { Period } from '../../search.ts'

const hours: Record<Period, number> = { '1h': 1, '24h': 24, '3d': 72, '7d': 168, '30d': 720 }
const minuteMs = 60_000

/** When a period began; to the minute, so that the query stays the same while one looks. */
export const sinceOf = (period: Period, now = Date.now()): string =>
  new Date((Math.floor(now / minuteMs) - hours[period] * 60) * minuteMs).toISOString()

/** When a period that begins now ends. */
export const untilOf = (period: Period): string =>
  new Date((Math.floor(Date.now() / minuteMs) + hours[period] * 60) * minuteMs).toISOString()
