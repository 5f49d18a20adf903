// Counts and times out of what the reports read: rows counted by status and by how long they took.
import type { ExecutionStatus, RunStatus } from '../core/statuses.ts'

/** So many rows of one status that took about as long. */
export interface CountedRow {
  status: ExecutionStatus | RunStatus
  count: number
  /** First attempts among them; of executions: all. */
  firsts: number
  /** Their mean duration in milliseconds; null unless they completed. */
  ms: number | null
}

export interface Figures {
  /** Executions; of nodes: node runs, however often they were tried. */
  runs: number
  /** Attempts after the first. */
  retries: number
  completed: number
  /** Failed, ended by an error, timed out. */
  failed: number
  rejected: number
  canceled: number
  skipped: number
  /** Not ended. */
  live: number
  /** Completed of those that ended by themselves, 0 to 1; null: none has. */
  success: number | null
  /** Of those that completed, in milliseconds. */
  p50: number | null
  p95: number | null
}

/**
 * Durations are counted in steps of 5 %: that needs no sorting of a million rows. A step answers the mean of its members,
 * so few or equal durations come out exactly, and no quantile is more than 5 % off.
 */
export const stepSql = (duration: string): string =>
  `floor(ln(greatest(${duration}, 0.001)) / ln(1.05::float8))::int`

export function figuresOf(rows: readonly CountedRow[]): Figures {
  const count = (holds: (status: CountedRow['status']) => boolean) =>
    rows.reduce((sum, row) => (holds(row.status) ? sum + row.count : sum), 0)
  const all = count(() => true)
  const runs = rows.reduce((sum, { firsts }) => sum + firsts, 0)
  const completed = count((status) => status === 'completed')
  const rejected = count((status) => status === 'rejected')
  const failed = count((status) => status === 'failed' || status === 'error' || status === 'timed-out')
  const canceled = count((status) => status === 'canceled')
  const skipped = count((status) => status === 'skipped')
  const ended = completed + failed + rejected
  return {
    runs,
    retries: Math.max(0, all - runs),
    completed,
    failed,
    rejected,
    canceled,
    skipped,
    live: all - ended - canceled - skipped,
    success: ended === 0 ? null : completed / ended,
    ...quantiles(rows),
  }
}

function quantiles(rows: readonly CountedRow[]): Pick<Figures, 'p50' | 'p95'> {
  const timed = rows
    .flatMap(({ ms, count }) => (ms === null ? [] : [{ ms, count }]))
    .sort((one, other) => one.ms - other.ms)
  const total = timed.reduce((sum, { count }) => sum + count, 0)
  const at = (share: number): number | null => {
    let left = Math.max(1, Math.ceil(share * total))
    for (const { ms, count } of timed) {
      left -= count
      if (left <= 0) return Math.round(ms)
    }
    return null
  }
  return { p50: at(0.5), p95: at(0.95) }
}
