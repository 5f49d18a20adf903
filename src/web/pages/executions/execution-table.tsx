// The columns of executions, the same wherever they are listed.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ExecutionSummary } from '../../../api/contract/executions.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownExecutionStatus } from '../../ui/status-legend.ts'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'

export const executionColumns = (t: TFunction): Column<ExecutionSummary>[] => [
  {
    key: 'status',
    title: t('executions.status'),
    width: 220,
    cell: (row) => <StatusBadge status={shownExecutionStatus(row)} attention={row.attention} />,
  },
  {
    key: 'workflow',
    title: t('executions.workflow'),
    cell: (row) => (
      <>
        <Link className="f-row-link" to="/executions/$id" params={{ id: row.id }}>
          {row.workflowTitle}
        </Link>{' '}
        <span className="f-quiet f-num">
          #{row.id} · v{row.version}
          {row.test && ` · ${t('executions.test')}`}
        </span>
      </>
    ),
  },
  {
    key: 'target',
    title: t('executions.target'),
    cell: (row) => row.target?.label ?? <span className="f-quiet">–</span>,
  },
  { key: 'by', title: t('executions.startedBy'), cell: (row) => <Starter execution={row} /> },
  {
    key: 'started',
    title: t('executions.started'),
    width: 130,
    cell: (row) => <RelativeTime at={row.startedAt ?? row.createdAt} />,
  },
  {
    key: 'duration',
    title: t('executions.duration'),
    width: 100,
    align: 'end',
    cell: (row) => <Elapsed from={row.startedAt} to={row.endedAt} />,
  },
]

export function Starter({ execution }: { execution: ExecutionSummary }) {
  const { t } = useTranslation()
  return (
    <>
      {execution.startedBy}{' '}
      {execution.trigger !== 'manual' && (
        <span className="f-quiet">
          {t(`trigger.${execution.trigger}`, { defaultValue: execution.trigger })}
        </span>
      )}
    </>
  )
}

export function ExecutionTable({ rows, label }: { rows: readonly ExecutionSummary[]; label: string }) {
  const { t } = useTranslation()
  return <DataTable columns={executionColumns(t)} rows={rows} rowKey={(row) => row.id} label={label} />
}
