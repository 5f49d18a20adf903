// The filters of the history, kept in the address.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { executionStatuses } from '../../../core/statuses.ts'
import { scheduleQuery, schedulesQuery } from '../../data/queries.ts'
import { periods, type SchedulesSearch } from '../../search.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { sinceOf } from '../executions/since.ts'
import { useSetSearch } from './use-set-search.ts'

export function HistoryFilters() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/schedules' })
  const set = useSetSearch()
  return (
    <search className="f-filters" aria-label={t('executions.filters')}>
      <ScheduleSelect of={search.of} onChange={(of) => set({ of })} />
      <Select
        mode="multiple"
        allowClear
        value={search.status?.split(',') ?? []}
        placeholder={t('executions.anyStatus')}
        aria-label={t('executions.status')}
        style={{ minWidth: 180 }}
        options={executionStatuses.map((value) => ({ value, label: <StatusBadge status={value} /> }))}
        onChange={(values: string[]) => set({ status: values.length > 0 ? values.join(',') : undefined })}
      />
      <Select
        allowClear
        value={search.period ?? null}
        placeholder={t('executions.anyTime')}
        aria-label={t('executions.period')}
        style={{ width: 150 }}
        options={periods.map((value) => ({ value, label: t(`executions.periods.${value}`) }))}
        onChange={(period) => set({ period: period ?? undefined })}
      />
      <Button href={exportHref(search)} download>
        {t('schedules.export')}
      </Button>
    </search>
  )
}

function exportHref({ status, of, period }: SchedulesSearch): string {
  const query = new URLSearchParams({
    trigger: 'schedule',
    ...(status ? { status } : {}),
    ...(of ? { schedule: of } : {}),
    ...(period ? { from: sinceOf(period) } : {}),
  })
  return `/api/v1/executions/export?${query}`
}

function ScheduleSelect({
  of,
  onChange,
}: {
  of: string | undefined
  onChange: (of: string | undefined) => void
}) {
  const { t } = useTranslation()
  const schedules = useInfiniteQuery(schedulesQuery({ limit: 200 }))
  const items = schedules.data?.pages.flatMap((page) => page.items) ?? []
  const known = items.some(({ id }) => id === of)
  const other = useQuery({ ...scheduleQuery(of ?? ''), enabled: of !== undefined && !known })
  const options = [...items, ...(other.data ? [other.data] : [])]
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={of ?? null}
      placeholder={t('schedules.anySchedule')}
      aria-label={t('schedules.one')}
      style={{ width: 240 }}
      options={options.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(chosen: string | null) => onChange(chosen ?? undefined)}
    />
  )
}
