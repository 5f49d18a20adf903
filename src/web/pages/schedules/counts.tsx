// How the executions of a schedule ended; each count with its icon and words, and the executions behind it.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schedule } from '../../../api/contract/schedules.ts'
import { StatusIcon } from '../../ui/status-badge.tsx'
import { statusLook } from '../../ui/status-legend.ts'

const shown = [
  { status: 'completed', filter: 'completed' },
  { status: 'running', filter: 'queued,running,paused' },
  { status: 'failed', filter: 'failed,error,rejected' },
  { status: 'canceled', filter: 'canceled' },
] as const

export function Counts({ schedule: { id, counts } }: { schedule: Pick<Schedule, 'id' | 'counts'> }) {
  const { t } = useTranslation()
  return (
    <span className="f-counts f-num">
      {shown.map(({ status, filter }) =>
        counts[status] === 0 ? (
          <span key={status} data-none>
            <StatusIcon status={status} /> 0
          </span>
        ) : (
          <Link
            key={status}
            to="/schedules"
            search={{ view: 'history', of: id, status: filter }}
            aria-label={`${t(statusLook(status).text)}: ${counts[status]}`}
          >
            <StatusIcon status={status} /> {counts[status]}
          </Link>
        ),
      )}
    </span>
  )
}
