// What the report is about: a time, a workflow, and the node or type chosen in the tables. All of it is in the address.
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { type ReportPeriod, type ReportsSearch, reportPeriods } from '../../search.ts'
import { WorkflowSelect } from '../executions/workflow-select.tsx'

interface FiltersProps {
  search: ReportsSearch
  onChange: (search: ReportsSearch) => void
}

export function ReportFilters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
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
          {t(node ? 'execution.node' : 'reports.type')}: {node ?? nodeType} ×
        </Button>
      )}
    </search>
  )
}
