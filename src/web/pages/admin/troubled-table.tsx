import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { TroubledRun } from '../../../api/contract/system.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/times.tsx'

const columns = (t: TFunction): Column<TroubledRun>[] => [
  {
    key: 'run',
    title: t('admin.run'),
    cell: (row) => (
      <Link className="f-row-link" to="/executions/$id" params={{ id: row.execution }}>
        <span className="f-code">{row.run}</span> <span className="f-quiet f-num">#{row.execution}</span>
      </Link>
    ),
  },
  { key: 'workflow', title: t('executions.workflow'), cell: (row) => row.workflow },
  { key: 'state', title: t('admin.state'), cell: (row) => t(`admin.troubles.${row.state}`) },
  {
    key: 'crashes',
    title: t('admin.crashes'),
    align: 'end',
    width: 120,
    cell: (row) => <span className="f-num">{row.crashes ?? '–'}</span>,
  },
  { key: 'since', title: t('admin.since'), width: 130, cell: (row) => <RelativeTime at={row.at} /> },
]

export function TroubledTable({ rows }: { rows: readonly TroubledRun[] }) {
  const { t } = useTranslation()
  return (
    <DataTable
      columns={columns(t)}
      rows={rows}
      rowKey={(row) => `${row.execution} ${row.run} ${row.attempt} ${row.state}`}
      label={t('admin.troubled')}
    />
  )
}
