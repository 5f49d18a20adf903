// The parts a bar of the report is made of, in the order they are stacked, each with its status.
import type { Figures } from '../../../api/contract/reports.ts'
import type { ShownStatus } from '../../ui/status-legend.ts'

type Counted = 'completed' | 'failed' | 'rejected' | 'canceled' | 'skipped' | 'live'

export interface Part {
  count: Counted
  /** How it looks and what it is called. */
  status: ShownStatus
  /** As the list of executions is filtered by it; absent: executions do not end so. */
  filter?: string
}

export const parts: readonly Part[] = [
  { count: 'completed', status: 'completed', filter: 'completed' },
  { count: 'failed', status: 'failed', filter: 'failed,error' },
  { count: 'rejected', status: 'rejected', filter: 'rejected' },
  { count: 'canceled', status: 'canceled', filter: 'canceled' },
  { count: 'skipped', status: 'skipped' },
  { count: 'live', status: 'running', filter: 'queued,running,paused' },
]

/** Those that occur at all; what nobody has done needs no column. */
export const occurring = (rows: readonly Figures[]): readonly Part[] =>
  parts.filter(
    ({ count }) => count === 'completed' || count === 'failed' || rows.some((row) => row[count] > 0),
  )
