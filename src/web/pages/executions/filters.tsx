// One row of filters, kept in the URL.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { executionStatuses } from '../../../core/statuses.ts'
import { workflowsQuery } from '../../data/queries.ts'
import { type ExecutionsSearch, type Period, periods } from '../../search.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'

interface FiltersProps {
  search: ExecutionsSearch
  onChange: (search: ExecutionsSearch) => void
}

export function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const set = (part: Record<string, string | undefined>) =>
    onChange({ ...search, ...part } as ExecutionsSearch)
  const [q, setQ] = useTypedText(search.q ?? '', (text) => set({ q: text || undefined }))
  return (
    <search className="f-filters" aria-label={t('executions.filters')}>
      <Input.Search
        allowClear
        value={q}
        onChange={(event) => setQ(event.target.value)}
        placeholder={t('executions.search')}
        aria-label={t('executions.search')}
        style={{ width: 290 }}
      />
      <StatusFilter status={search.status} onChange={(status) => set({ status })} />
      <WorkflowFilter workflow={search.workflow} onChange={(workflow) => set({ workflow })} />
      <Select<Period>
        allowClear
        value={search.period ?? null}
        placeholder={t('executions.anyTime')}
        aria-label={t('executions.period')}
        style={{ width: 150 }}
        options={periods.map((value) => ({ value, label: t(`executions.periods.${value}`) }))}
        onChange={(period) => set({ period })}
      />
      <StarterFilter value={search.startedBy} onChange={(startedBy) => set({ startedBy })} />
      <Button
        type={search.attention ? 'primary' : 'default'}
        aria-pressed={search.attention === 'yes'}
        onClick={() => set({ attention: search.attention ? undefined : 'yes' })}
      >
        {t('executions.needsAttention')}
      </Button>
      {search.target && (
        <Button onClick={() => set({ target: undefined })}>
          {t('executions.target')}: {search.target} ×
        </Button>
      )}
    </search>
  )
}

interface PartProps {
  onChange: (value: string | undefined) => void
}

function StatusFilter({ status, onChange }: PartProps & { status: string | undefined }) {
  const { t } = useTranslation()
  return (
    <Select
      mode="multiple"
      allowClear
      value={status?.split(',') ?? []}
      placeholder={t('executions.anyStatus')}
      aria-label={t('executions.status')}
      style={{ minWidth: 160 }}
      options={executionStatuses.map((value) => ({ value, label: <StatusBadge status={value} /> }))}
      onChange={(values: string[]) => onChange(values.length > 0 ? values.join(',') : undefined)}
    />
  )
}

function WorkflowFilter({ workflow, onChange }: PartProps & { workflow: string | undefined }) {
  const { t } = useTranslation()
  const workflows = useInfiniteQuery(workflowsQuery({ limit: 200 }))
  const items = workflows.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={workflow ?? null}
      placeholder={t('executions.anyWorkflow')}
      aria-label={t('executions.workflow')}
      style={{ width: 200 }}
      options={items.map((item) => ({ value: item.key, label: item.title }))}
      onChange={(value) => onChange(value ?? undefined)}
    />
  )
}

function StarterFilter({ value, onChange }: PartProps & { value: string | undefined }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useTypedText(value ?? '', (text) => onChange(text || undefined))
  return (
    <Input
      allowClear
      value={typed}
      placeholder={t('executions.startedBy')}
      aria-label={t('executions.startedBy')}
      style={{ width: 130 }}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
