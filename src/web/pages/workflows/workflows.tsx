import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import type { TFunction } from 'i18next'
import { FileUp, SearchX, Workflow as WorkflowIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Workflow } from '../../../api/contract/workflows.ts'
import { collectionsQuery, meQuery, workflowsQuery } from '../../data/queries.ts'
import { useText } from '../../i18n/use-language.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { RelativeTime } from '../../ui/times.tsx'
import { toneVariables } from '../../ui/tokens.ts'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { ImportDialog } from './import-dialog.tsx'

const columns = (t: TFunction, titleOf: (collection: string) => string): Column<Workflow>[] => [
  { key: 'state', title: t('workflows.state'), width: 130, cell: (row) => <WorkflowState workflow={row} /> },
  {
    key: 'title',
    title: t('workflows.title'),
    cell: (row) => (
      <Link className="f-row-link" to="/workflows/$key" params={{ key: row.key }}>
        {row.title}
      </Link>
    ),
  },
  { key: 'key', title: t('workflows.key'), cell: (row) => <code>{row.key}</code> },
  { key: 'kind', title: t('workflows.kind'), cell: (row) => t(`workflows.kinds.${row.kind}`) },
  {
    key: 'version',
    title: t('workflows.version'),
    align: 'end',
    cell: (row) => row.published ?? row.draft ?? '–',
  },
  {
    key: 'target',
    title: t('workflows.target'),
    cell: (row) => (row.targetCollection ? titleOf(row.targetCollection) : '–'),
  },
  {
    key: 'updated',
    title: t('workflows.updated'),
    cell: (row) => (
      <>
        <RelativeTime at={row.updatedAt} /> <span className="f-quiet">{row.updatedBy}</span>
      </>
    ),
  },
]

const stateTones = { published: 'green', draft: 'grey', disabled: 'red' } as const

export function WorkflowState({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation()
  return (
    <span className="f-nowrap">
      <span className="f-badge" style={toneVariables(stateTones[workflow.state])}>
        {t(`workflows.states.${workflow.state}`)}
      </span>{' '}
      {workflow.state !== 'draft' && workflow.draft !== undefined && (
        <span className="f-badge" style={toneVariables('grey')}>
          {t('workflows.hasDraft')}
        </span>
      )}
    </span>
  )
}

export function Workflows() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/workflows/' })
  const navigate = useNavigate({ from: '/workflows' })
  const query = useInfiniteQuery(workflowsQuery(search))
  const [importing, setImporting] = useState(false)
  const [q, setQ] = useTypedText(
    search.q ?? '',
    (text) => void navigate({ search: text ? { q: text } : {}, replace: true }),
  )
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const me = useQuery(meQuery)
  const importButton = me.data?.permissions.includes('workflow.manage') ? (
    <Button icon={<FileUp size={14} />} onClick={() => setImporting(true)}>
      {t('workflows.import')}
    </Button>
  ) : undefined
  return (
    <div className="f-page">
      <div className="f-filters">
        <Input.Search
          allowClear
          value={q}
          placeholder={t('run.search')}
          aria-label={t('run.search')}
          style={{ width: 280 }}
          onChange={(event) => setQ(event.target.value)}
        />
        <span className="f-grow" />
        {importButton}
      </div>
      <div className="f-panel">
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <WorkflowTable rows={rows} />
            ) : (
              <NoWorkflows isSearched={q !== ''} onClear={() => setQ('')} importButton={importButton} />
            )
          }
        </Loaded>
        <LoadMore query={query} />
      </div>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  )
}

function WorkflowTable({ rows }: { rows: readonly Workflow[] }) {
  const { t } = useTranslation()
  const text = useText()
  // Who may not read the collections sees their keys.
  const collections = useQuery({ ...collectionsQuery, retry: false }).data?.items ?? []
  const titleOf = (key: string) => text(collections.find((one) => one.key === key)?.title ?? key)
  return (
    <DataTable
      columns={columns(t, titleOf)}
      rows={rows}
      rowKey={(row) => row.key}
      label={t('nav.workflows')}
    />
  )
}

interface NoWorkflowsProps {
  isSearched: boolean
  onClear: () => void
  /** For those who may. */
  importButton: ReactNode
}

function NoWorkflows({ isSearched, onClear, importButton }: NoWorkflowsProps) {
  const { t } = useTranslation()
  if (isSearched)
    return (
      <EmptyState
        icon={SearchX}
        title={t('run.noneFit')}
        text={t('executions.noneMatchText')}
        action={<Button onClick={onClear}>{t('run.clear')}</Button>}
      />
    )
  return (
    <EmptyState
      icon={WorkflowIcon}
      title={t('workflows.none')}
      text={t(importButton ? 'workflows.noneText' : 'workflows.noneForYou')}
      action={importButton}
    />
  )
}
