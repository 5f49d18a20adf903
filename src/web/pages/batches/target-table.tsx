// The squares as a table: the same targets, for whoever wants to read or hear them.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { BatchTarget } from '../../../api/contract/batches.ts'
import type { Column } from '../../ui/data-table.tsx'
import { useWrittenReason } from '../../ui/sentences.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { shownTarget } from './target-look.ts'

const columns = (t: TFunction): Column<BatchTarget>[] => [
  {
    key: 'status',
    title: t('executions.status'),
    width: 220,
    cell: (row) =>
      row.status === 'refused' ? (
        <StatusBadge status="error" word={t('batches.refused')} />
      ) : (
        <StatusBadge status={shownTarget(row)} attention={row.attention ?? false} />
      ),
  },
  {
    key: 'target',
    title: t('executions.target'),
    cell: (row) =>
      row.execution ? (
        <Link className="f-row-link" to="/executions/$id" params={{ id: row.execution }}>
          {row.label}
        </Link>
      ) : (
        row.label
      ),
  },
  {
    key: 'execution',
    title: t('batches.execution'),
    width: 120,
    cell: (row) => <span className="f-quiet f-num">{row.execution ? `#${row.execution}` : '–'}</span>,
  },
  { key: 'attempt', title: t('batches.attempt'), width: 90, align: 'end', cell: (row) => row.attempt },
  { key: 'reason', title: t('batches.reason'), cell: (row) => <Reason target={row} /> },
]

/** On one line; all of it in its title. */
function Reason({ target }: { target: BatchTarget }) {
  const text = useWrittenReason()(target)
  return (
    <div className="f-target-reason" title={text}>
      {text}
    </div>
  )
}

export function TargetTable({ targets }: { targets: readonly BatchTarget[] }) {
  const { t } = useTranslation()
  return (
    <VirtualTable
      columns={columns(t)}
      rows={targets}
      rowKey={({ position }) => String(position)}
      label={t('batches.targets')}
    />
  )
}
