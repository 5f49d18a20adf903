import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { Grid3x3, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../../api/contract/batches.ts'
import { batchesQuery } from '../../data/batch-queries.ts'
import { batchStateFilters } from '../../search.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { BatchState } from './batch-state.tsx'
import { ProgressBar } from './progress-bar.tsx'
import { countOf } from './target-look.ts'
import './batches.css'

const columns = (t: TFunction): Column<Batch>[] => [
  { key: 'state', title: t('executions.status'), width: 200, cell: (row) => <BatchState batch={row} /> },
  {
    key: 'workflow',
    title: t('executions.workflow'),
    cell: (row) => (
      <>
        <Link className="f-row-link" to="/batches/$id" params={{ id: row.id }}>
          {row.workflowTitle}
        </Link>{' '}
        <span className="f-quiet f-num">
          #{row.id} · v{row.version}
        </span>
      </>
    ),
  },
  {
    key: 'targets',
    title: t('batches.targets'),
    width: 100,
    align: 'end',
    cell: (row) => countOf(row, 'all'),
  },
  { key: 'progress', title: t('batches.progress'), width: 240, cell: (row) => <ProgressBar batch={row} /> },
  {
    key: 'failed',
    title: t('batches.show.failed'),
    width: 90,
    align: 'end',
    cell: (row) => countOf(row, 'failed') + row.attention,
  },
  { key: 'owner', title: t('executions.startedBy'), width: 140, cell: (row) => row.owner },
  {
    key: 'started',
    title: t('executions.started'),
    width: 130,
    cell: (row) => <RelativeTime at={row.createdAt} />,
  },
  {
    key: 'duration',
    title: t('executions.duration'),
    width: 110,
    align: 'end',
    cell: (row) => <Elapsed from={row.createdAt} to={row.endedAt} />,
  },
]

export function Batches() {
  const { t } = useTranslation()
  const { batchState: state } = useSearch({ from: '/batches/' })
  const navigate = useNavigate({ from: '/batches' })
  const query = useInfiniteQuery(batchesQuery(state))
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="f-page">
      <div className="f-row">
        <Segmented<(typeof batchStateFilters)[number]>
          value={state ?? 'all'}
          aria-label={t('schedules.state')}
          options={batchStateFilters.map((value) => ({ value, label: t(`batches.states.${value}`) }))}
          onChange={(value) =>
            void navigate({ search: value === 'all' ? {} : { batchState: value }, replace: true })
          }
        />
      </div>
      <div className="f-panel">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <DataTable
                columns={columns(t)}
                rows={rows}
                rowKey={({ id }) => id}
                label={t('batches.title')}
              />
            ) : (
              <NoBatches isFiltered={state !== undefined} />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
    </div>
  )
}

function NoBatches({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation()
  if (isFiltered)
    return (
      <EmptyState
        icon={SearchX}
        title={t('batches.noneInState')}
        text={t('batches.noneInStateText')}
        action={<Link to="/batches">{t('batches.showAll')}</Link>}
      />
    )
  return (
    <EmptyState
      icon={Grid3x3}
      title={t('batches.none')}
      text={t('batches.noneText')}
      action={<Link to="/run">{t('executions.runOne')}</Link>}
    />
  )
}
