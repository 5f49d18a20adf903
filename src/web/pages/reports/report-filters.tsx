// What the report is about: a time, a workflow, and the node or type chosen in the tables. All of it is in the address.
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { nodeFiguresQuery, type ReportScope } from '../../data/report-queries.ts'
import { type ReportPeriod, type ReportsSearch, reportPeriods } from '../../search.ts'
import { WorkflowSelect } from '../executions/workflow-select.tsx'
import { useTypeTitle } from './type-title.ts'

interface FiltersProps {
  search: ReportsSearch
  scope: ReportScope
  onChange: (search: ReportsSearch) => void
}

export function ReportFilters({ search, scope, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const chosen = useChosenTitle(scope)
  const { from, to, period, workflow, node, nodeType, ...rest } = search
  const own = { ...rest, ...(node ? { node } : {}), ...(nodeType ? { nodeType } : {}) }
  const time = { ...(from ? { from } : {}), ...(to ? { to } : {}), ...(period ? { period } : {}) }
  const within = { ...own, ...(workflow ? { workflow } : {}) }
  return (
    <search className="f-filters" aria-label={t('executions.filters')}>
      <Segmented<ReportPeriod | ''>
        value={from ? '' : (period ?? '7d')}
        aria-label={t('executions.period')}
        options={reportPeriods.map((value) => ({ value, label: t(`reports.periods.${value}`) }))}
        onChange={(value) => onChange({ ...within, period: value || '7d' })}
      />
      <DatePicker.RangePicker
        aria-label={t('reports.dates')}
        value={from ? [dayjs(from), to ? dayjs(to).subtract(1, 'ms') : dayjs()] : null}
        disabledDate={(date) => date.isAfter(dayjs())}
        onChange={(dates) => {
          const [first, last] = dates ?? []
          if (!first || !last) return onChange(within)
          onChange({
            ...within,
            from: first.startOf('day').toISOString(),
            to: last.startOf('day').add(1, 'day').toISOString(),
          })
        }}
      />
      <WorkflowSelect
        workflow={workflow}
        onChange={(chosen) => {
          const { node: _node, ...kept } = own
          onChange({ ...kept, ...time, ...(chosen ? { workflow: chosen } : {}) })
        }}
      />
      {(node ?? nodeType) && (
        <Button
          onClick={() => {
            const { node: _node, nodeType: _type, ...kept } = own
            onChange({ ...kept, ...time, ...(workflow ? { workflow } : {}) })
          }}
        >
          {t(node ? 'execution.node' : 'reports.type')}: {chosen} ×
        </Button>
      )}
    </search>
  )
}

/** Of the node or type that is chosen, as the tables call it. */
function useChosenTitle({ workflow = '', node, nodeType, ...time }: ReportScope): string | undefined {
  const typeTitle = useTypeTitle()
  const nodes = useQuery({ ...nodeFiguresQuery(workflow, time), enabled: node !== undefined })
  if (node === undefined) return typeTitle(nodeType)
  return nodes.data?.items.find((known) => known.node === node)?.title ?? node
}
