import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { Workflow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { reportTimeline } from '../../../api/contract/reports.ts'
import type { RouteAnswer } from '../../../api/contract/route.ts'
import { type ReportScope, timelineQuery } from '../../data/report-queries.ts'
import { type ReportsSearch, reportTabs } from '../../search.ts'
import { useNow } from '../../ui/clock.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { useDurationText } from '../../ui/times.tsx'
import { FailureTable } from './failure-table.tsx'
import { rangeOf } from './range.ts'
import { ReportFilters } from './report-filters.tsx'
import { NodeTable, TypeTable, WorkflowTable } from './tables.tsx'
import { DurationChart, RunsChart } from './timeline-charts.tsx'
import './reports.css'

/** How executions and nodes did over a time: charts of what is chosen, tables to choose from. */
export function Reports() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/reports' })
  const navigate = useNavigate({ from: '/reports' })
  const scope = useScope(search)
  const tab = search.tab ?? 'workflows'
  const tables = {
    workflows: <WorkflowTable scope={scope} />,
    nodes: scope.workflow ? <NodeTable scope={scope} workflow={scope.workflow} /> : <ChooseWorkflow />,
    types: <TypeTable scope={scope} />,
    failures: <FailureTable scope={scope} />,
  }
  return (
    <div className="f-page">
      <ReportFilters
        search={search}
        scope={scope}
        onChange={(next) => void navigate({ search: next, replace: true })}
      />
      <Charts scope={scope} />
      <div className="f-panel">
        <Tabs
          className="f-report-tabs"
          activeKey={tab}
          onChange={(key) =>
            void navigate({ search: (known) => ({ ...known, tab: key as typeof tab }), replace: true })
          }
          items={reportTabs.map((key) => ({ key, label: t(`reports.tabs.${key}`) }))}
        />
        {tables[tab]}
      </div>
    </div>
  )
}

function useScope({ workflow, node, nodeType, ...search }: ReportsSearch): ReportScope {
  // The present matters by its hour only.
  const range = rangeOf(search, useNow(false))
  return {
    ...range,
    ...(workflow ? { workflow } : {}),
    ...(workflow && node ? { node } : {}),
    ...(nodeType ? { nodeType } : {}),
  }
}

function Charts({ scope }: { scope: ReportScope }) {
  const query = useQuery(timelineQuery(scope))
  const isOfNodes = scope.node !== undefined || scope.nodeType !== undefined
  return (
    <Loaded query={query}>
      {() => {
        // The table below says that nothing ran.
        if (!query.data || query.data.total.runs + query.data.total.retries === 0) return null
        const { unit, items, total } = query.data
        const given = { unit, items, workflow: scope.workflow, isOfNodes }
        return (
          <>
            <Totals total={total} isOfNodes={isOfNodes} />
            <div className="f-charts" aria-busy={query.isPlaceholderData}>
              <RunsChart {...given} />
              <DurationChart {...given} />
            </div>
          </>
        )
      }}
    </Loaded>
  )
}

type Total = RouteAnswer<typeof reportTimeline>['total']

function Totals({ total, isOfNodes }: { total: Total; isOfNodes: boolean }) {
  const { t } = useTranslation()
  const text = useDurationText()
  const { success, p50, p95 } = total
  const time = (ms: number | undefined) => (ms === undefined ? '–' : text(ms))
  return (
    <dl className="f-totals f-num">
      <Fact label={t(isOfNodes ? 'reports.nodeRuns' : 'nav.executions')}>{total.runs}</Fact>
      <Fact label={t('reports.success')}>
        {success === undefined ? '–' : `${Math.floor(success * 1000) / 10} %`}
      </Fact>
      <Fact label={t('status.failed')}>{total.failed}</Fact>
      <Fact label={t('reports.p50')}>{time(p50)}</Fact>
      <Fact label={t('reports.p95')}>{time(p95)}</Fact>
    </dl>
  )
}

function ChooseWorkflow() {
  const { t } = useTranslation()
  return (
    <EmptyState icon={Workflow} title={t('reports.chooseWorkflow')} text={t('reports.chooseWorkflowText')} />
  )
}
