// Filters that are asked for less often. Those that are set stand below the row as chips.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { schedulesQuery } from '../../data/queries.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { Field } from '../../ui/field.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { changed } from './changed.ts'
import type { SearchProps } from './list-head.tsx'
import { TargetFilter } from './target-filter.tsx'

export const triggers = ['manual', 'api', 'cli', 'schedule', 'batch', 'event', 'parent'] as const

export function MoreFilters({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const set = (name: keyof ExecutionsSearch) => (value: string | undefined) =>
    onChange(changed(search, { [name]: value || undefined }))
  return (
    <div className="f-more-filters">
      <TextFilter label={t('executions.startedBy')} value={search.startedBy} onChange={set('startedBy')} />
      <Field label={t('executions.trigger')}>
        {(id) => (
          <Select
            id={id}
            allowClear
            value={search.trigger ?? null}
            placeholder={t('executions.anyTrigger')}
            options={triggers.map((value) => ({ value, label: t(`trigger.${value}`) }))}
            onChange={(value) => set('trigger')(value ?? undefined)}
          />
        )}
      </Field>
      <TargetFilter search={search} onChange={onChange} />
      <TextFilter label={t('executions.version')} value={search.version} onChange={set('version')} />
      <ScheduleFilter search={search} onChange={onChange} />
      <TextFilter label={t('executions.batch')} value={search.batch} onChange={set('batch')} />
      <Field label={t('executions.tests')}>
        {(id) => (
          <Select
            id={id}
            allowClear
            value={search.test ?? null}
            placeholder={t('executions.testsToo')}
            options={(['yes', 'no'] as const).map((value) => ({
              value,
              label: t(`executions.testChoices.${value}`),
            }))}
            onChange={(value) => set('test')(value ?? undefined)}
          />
        )}
      </Field>
    </div>
  )
}

interface TextProps {
  label: string
  value: string | undefined
  onChange: (value: string) => void
}

function TextFilter({ label, value, onChange }: TextProps) {
  const [typed, setTyped] = useTypedText(value ?? '', onChange)
  return (
    <Field label={label}>
      {(id) => <Input id={id} allowClear value={typed} onChange={(event) => setTyped(event.target.value)} />}
    </Field>
  )
}

function ScheduleFilter({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const query = useInfiniteQuery(schedulesQuery(q ? { q } : {}))
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Field label={t('executions.schedule')}>
      {(id) => (
        <Select
          id={id}
          allowClear
          showSearch={{ filterOption: false, onSearch: setQ }}
          value={search.schedule ?? null}
          placeholder={t('executions.anySchedule')}
          options={items.map((item) => ({ value: item.id, label: item.name }))}
          onChange={(schedule) =>
            onChange(changed(search, { schedule: schedule ?? undefined, batch: undefined }))
          }
        />
      )}
    </Field>
  )
}
