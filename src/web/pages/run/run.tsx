import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Workflow } from '../../../api/contract/workflows.ts'
import { workflowsQuery } from '../../data/queries.ts'
import { workflowKinds } from '../../search.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { EmptyState, Loaded } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'

const columns = (t: TFunction): Column<Workflow>[] => [
  {
    key: 'title',
    title: t('workflows.title'),
    cell: (row) => (
      <>
        <Link className="f-row-link" to="/run/$workflow" params={{ workflow: row.key }}>
          {row.title}
        </Link>{' '}
        <span className="f-quiet f-num">v{row.published}</span>
        <div className="f-quiet">{row.description}</div>
      </>
    ),
  },
  { key: 'key', title: t('workflows.key'), width: 200, cell: (row) => <code>{row.key}</code> },
  {
    key: 'target',
    title: t('workflows.target'),
    width: 160,
    cell: (row) => row.targetCollection ?? <span className="f-quiet">{t('workflows.noTarget')}</span>,
  },
  {
    key: 'updated',
    title: t('workflows.updated'),
    width: 220,
    cell: (row) => (
      <>
        <RelativeTime at={row.updatedAt} /> <span className="f-quiet">{row.updatedBy}</span>
      </>
    ),
  },
]

/** Workflows I may run. */
export function Run() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/run/' })
  const navigate = useNavigate({ from: '/run' })
  const kind = search.kind ?? 'main'
  const query = useInfiniteQuery(
    workflowsQuery({ kind, grant: 'run', state: 'published', ...(search.q ? { q: search.q } : {}) }),
  )
  const [q, setQ] = useTypedText(
    search.q ?? '',
    (text) => void navigate({ search: { kind, q: text }, replace: true }),
  )
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="f-page">
      <div className="f-filters">
        <Segmented
          value={kind}
          options={workflowKinds.map((value) => ({ value, label: t(`workflows.kinds.${value}`) }))}
          onChange={(value) => void navigate({ search: { ...search, kind: value } })}
        />
        <Input.Search
          allowClear
          value={q}
          placeholder={t('run.search')}
          aria-label={t('run.search')}
          style={{ width: 280 }}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <div className="f-panel">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <DataTable columns={columns(t)} rows={rows} rowKey={(row) => row.key} label={t('nav.run')} />
            ) : (
              <EmptyState icon={Play} title={t('run.none')} text={t('run.noneText')} />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
    </div>
  )
}
