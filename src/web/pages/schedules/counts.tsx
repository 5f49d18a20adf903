// How the executions of a schedule ended; each count with its icon and words.
import type { Schedule } from '../../../api/contract/schedules.ts'
import { StatusIcon } from '../../ui/status-badge.tsx'

const shown = ['completed', 'running', 'failed', 'canceled'] as const

export function Counts({ schedule: { counts } }: { schedule: Pick<Schedule, 'counts'> }) {
  return (
    <span className="f-counts f-num">
      {shown.map((status) => (
        <span key={status} data-none={counts[status] === 0 || undefined}>
          <StatusIcon status={status} /> {counts[status]}
        </span>
      ))}
    </span>
  )
}
