// Failures by workflow, node and error, with the executions they happened in.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FailureFigures } from '../../../api/contract/reports.ts'
import { failuresQuery, type ReportScope } from '../../data/report-queries.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { ErrorText, executionsWith, Where } from './failure-parts.tsx'

export function FailureTable({ scope }: { scope: ReportScope }) {
  const { t } = useTranslation()
  const { from, to } = scope
  const query = useQuery(failuresQuery(scope))
  const rows = query.data?.items ?? []
  const columns: Column<FailureFigures>[] = [
    { key: 'count', title: t('reports.failures'), align: 'end', width: 90, cell: ({ count }) => count },
    { key: 'where', title: t('reports.where'), cell: (row) => <Where failure={row} /> },
    { key: 'error', title: t('reports.error'), cell: (row) => <ErrorText failure={row} /> },
    {
      key: 'executions',
      title: t('nav.executions'),
      align: 'end',
      width: 110,
      cell: (row) => (
        <Link to="/executions" search={executionsWith(row, { from, ...(to ? { to } : {}) })}>
          {row.executions}
        </Link>
      ),
    },
    {
      key: 'last',
      title: t('reports.last'),
      width: 150,
      cell: ({ lastExecution, lastAt }) => (
        <Link to="/executions/$id" params={{ id: lastExecution }}>
          <RelativeTime at={lastAt} />
        </Link>
      ),
    },
  ]
  return (
    <Loaded query={query}>
      {() =>
        rows.length > 0 ? (
          <DataTable
            label={t('reports.tabs.failures')}
            rows={rows}
            rowKey={({ workflow, node, code, lastExecution }) =>
              [workflow, node, code, lastExecution].join(' ')
            }
            columns={columns}
          />
        ) : (
          <EmptyState icon={CircleCheck} title={t('reports.noFailures')} text={t('reports.noFailuresText')} />
        )
      }
    </Loaded>
  )
}
