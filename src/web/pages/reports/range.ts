// The time a report is about, from what the address says.
import type { ReportPeriod, ReportsSearch } from '../../search.ts'

const days: Record<ReportPeriod, number> = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 }
const hourMs = 3_600_000

export interface Range {
  /** ISO 8601. */
  from: string
  /** Absent: until now. */
  to?: string
}

/**
 * Whole parts: a day of 24 hours that ends with the present one, or days that began at midnight here. `now` is part of
 * the range only by its hour, so that the same question is asked once an hour.
 */
export function rangeOf({ period = '7d', from, to }: ReportsSearch, now: number): Range {
  if (from !== undefined) return { from, ...(to === undefined ? {} : { to }) }
  if (period === '24h') return { from: new Date((Math.floor(now / hourMs) - 23) * hourMs).toISOString() }
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  midnight.setDate(midnight.getDate() - days[period] + 1)
  return { from: midnight.toISOString() }
}
