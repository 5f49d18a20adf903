// The figures of each workflow, node, node type and failure. What is chosen in a table is what the charts are about.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartColumn } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Figures } from '../../../api/contract/reports.ts'
import {
  nodeFiguresQuery,
  type ReportScope,
  typeFiguresQuery,
  workflowFiguresQuery,
} from '../../data/report-queries.ts'
import type { ExecutionsSearch, ReportsSearch } from '../../search.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { useDurationText } from '../../ui/times.tsx'
import { figureColumns } from './figure-columns.tsx'
import { useTypeTitle } from './type-title.ts'

interface TableProps {
  scope: ReportScope
}

/** Nothing has happened in the time. */
function NothingRan() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={ChartColumn}
      title={t('reports.none')}
      text={t('reports.noneText')}
      action={<Link to="/run">{t('executions.runOne')}</Link>}
    />
  )
}

const timeOf = ({ from, to }: ReportScope) => ({ from, ...(to ? { to } : {}) })

export function WorkflowTable({ scope }: TableProps) {
  const { t } = useTranslation()
  const time = timeOf(scope)
  const query = useQuery(
    workflowFiguresQuery({ ...time, ...(scope.workflow ? { workflow: scope.workflow } : {}) }),
  )
  return (
    <Loaded query={query}>
      {() => (
        <FiguresTable
          label={t('reports.tabs.workflows')}
          rows={query.data?.items ?? []}
          keyOf={({ workflow }) => workflow}
          first={t('executions.workflow')}
          name={({ workflow, title }) => (
            <Choice search={{ workflow, node: undefined, nodeType: undefined, tab: 'nodes' }}>{title}</Choice>
          )}
          searchOf={({ workflow }) => ({ ...time, workflow })}
        />
      )}
    </Loaded>
  )
}

export function NodeTable({ scope, workflow }: TableProps & { workflow: string }) {
  const { t } = useTranslation()
  const typeTitle = useTypeTitle()
  const query = useQuery(nodeFiguresQuery(workflow, timeOf(scope)))
  return (
    <Loaded query={query}>
      {() => (
        <FiguresTable
          label={t('reports.tabs.nodes')}
          rows={query.data?.items ?? []}
          keyOf={({ node }) => node}
          isSelected={({ node }) => node === scope.node}
          first={t('execution.node')}
          name={({ node, title, type }) => (
            <>
              <Choice search={{ node, nodeType: undefined }}>{title}</Choice>{' '}
              <span className="f-quiet">{typeTitle(type)}</span>
            </>
          )}
          searchOf={() => ({ ...timeOf(scope), workflow })}
          node={{
            idOf: ({ node }) => node,
            told: t('reports.opensWorkflow'),
            failed: t('reports.opensFailed'),
          }}
        />
      )}
    </Loaded>
  )
}

export function TypeTable({ scope }: TableProps) {
  const { t } = useTranslation()
  const typeTitle = useTypeTitle()
  const query = useQuery(
    typeFiguresQuery({ ...timeOf(scope), ...(scope.workflow ? { workflow: scope.workflow } : {}) }),
  )
  return (
    <Loaded query={query}>
      {() => (
        <FiguresTable
          label={t('reports.tabs.types')}
          rows={query.data?.items ?? []}
          keyOf={({ type }) => type ?? ''}
          isSelected={({ type }) => type !== undefined && type === scope.nodeType}
          first={t('reports.type')}
          name={({ type }) =>
            type === undefined ? (
              t('reports.unknownType')
            ) : (
              <Choice search={{ nodeType: type, node: undefined }}>{typeTitle(type)}</Choice>
            )
          }
        />
      )}
    </Loaded>
  )
}

function Choice({
  search,
  children,
}: {
  search: { [K in keyof ReportsSearch]?: ReportsSearch[K] | undefined }
  children: ReactNode
}) {
  return (
    <Link
      className="f-row-link"
      to="/reports"
      search={(known) => present({ ...known, ...search })}
      resetScroll={false}
    >
      {children}
    </Link>
  )
}

const present = (search: object): ReportsSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))

interface FiguresProps<R> {
  label: string
  rows: readonly R[]
  keyOf: (row: R) => string
  first: string
  name: (row: R) => ReactNode
  isSelected?: (row: R) => boolean
  /** The executions behind a row; of a node those of its workflow, as `node` says. */
  searchOf?: (row: R) => ExecutionsSearch
  node?: { idOf: (row: R) => string; told: string; failed: string }
}

function FiguresTable<R extends Figures>({ label, rows, keyOf, first, name, ...rest }: FiguresProps<R>) {
  const { t } = useTranslation()
  const duration = useDurationText()
  if (rows.length === 0) return <NothingRan />
  const { isSelected, ...lists } = rest
  return (
    <div className="f-scroll-x">
      <DataTable
        label={label}
        rows={rows}
        rowKey={keyOf}
        columns={[
          { key: 'name', title: first, cell: name },
          ...figureColumns({ rows, t, duration, retries: true, ...lists }),
        ]}
        {...(isSelected ? { isSelected } : {})}
      />
    </div>
  )
}
