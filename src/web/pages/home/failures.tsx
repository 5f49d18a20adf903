// What failed within the last day, grouped: one cause is one row, however many executions it hit.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RecentFailure } from '../../../api/contract/reports.ts'
import { recentFailuresQuery } from '../../data/report-queries.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { ErrorText, executionsWith, Where } from '../reports/failure-parts.tsx'

export function Failures() {
  const { t } = useTranslation()
  const query = useQuery(recentFailuresQuery)
  const rows = query.data?.items ?? []
  return (
    <section className="f-section">
      <h2>{t('home.failed')}</h2>
      <div className="f-panel">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <FailureTable rows={rows} />
            ) : (
              <EmptyState icon={CircleCheck} title={t('home.noFailures')} text={t('home.noFailuresText')} />
            )
          }
        </Loaded>
      </div>
    </section>
  )
}

function FailureTable({ rows }: { rows: readonly RecentFailure[] }) {
  const { t } = useTranslation()
  const columns: Column<RecentFailure>[] = [
    {
      key: 'count',
      title: t('nav.executions'),
      align: 'end',
      width: 110,
      cell: (row) => (
        <Link to="/executions" search={executionsWith(row, {})}>
          {row.count}
        </Link>
      ),
    },
    { key: 'where', title: t('reports.where'), cell: (row) => <Where failure={row} /> },
    { key: 'error', title: t('reports.error'), cell: (row) => <ErrorText failure={row} /> },
    {
      key: 'held',
      title: t('home.held'),
      width: 130,
      cell: ({ held }) =>
        held > 0 ? (
          <span className="f-attention">
            <span className="f-attention-dot" aria-hidden /> {held}
          </span>
        ) : (
          <span className="f-quiet">–</span>
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
  const keyOf = ({ workflow, node, code, lastExecution }: RecentFailure) =>
    [workflow, node, code, lastExecution].join(' ')
  return <DataTable label={t('home.failed')} rows={rows} rowKey={keyOf} columns={columns} />
}
