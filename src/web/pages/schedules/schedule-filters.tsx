// The filters of the list of schedules, kept in the address; the export takes the same.
import { useSearch } from '@tanstack/react-router'
import { Button, Input, Segmented, Select } from 'antd'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ScheduleFilter } from '../../data/queries.ts'
import { type Period, periods, type SchedulesSearch, scheduleModes, scheduleStates } from '../../search.ts'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { WorkflowSelect } from '../executions/workflow-select.tsx'
import { type Part, useSetSearch } from './use-set-search.ts'

const states = ['all', ...scheduleStates] as const

export function ScheduleFilters({ filter }: { filter: ScheduleFilter }) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/schedules' })
  const set = useSetSearch()
  const [typed, setTyped] = useTypedText(search.q ?? '', (text) => set({ q: text || undefined }))
  const asked = Object.entries(filter).map(([key, value]): [string, string] => [key, String(value)])
  return (
    <search className="f-filters" aria-label={t('executions.filters')}>
      <Input.Search
        allowClear
        value={typed}
        placeholder={t('schedules.search')}
        aria-label={t('schedules.search')}
        style={{ width: 240 }}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Segmented<(typeof states)[number]>
        value={search.state ?? 'all'}
        aria-label={t('schedules.state')}
        options={states.map((value) => ({ value, label: t(`schedules.states.${value}`) }))}
        onChange={(value) => set({ state: value === 'all' ? undefined : value })}
      />
      <Choices search={search} set={set} />
      <Button
        type={search.mine ? 'primary' : 'default'}
        aria-pressed={search.mine === 'yes'}
        onClick={() => set({ mine: search.mine ? undefined : 'yes' })}
      >
        {t('schedules.mine')}
      </Button>
      <Button
        className="f-to-end"
        icon={<Download size={14} />}
        href={`/api/v1/schedules/export?${new URLSearchParams(asked)}`}
        download
      >
        {t('schedules.export')}
      </Button>
    </search>
  )
}

function Choices({ search, set }: { search: SchedulesSearch; set: (part: Part) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Select
        allowClear
        value={search.mode ?? null}
        placeholder={t('schedules.anyMode')}
        aria-label={t('schedules.mode')}
        style={{ width: 140 }}
        options={scheduleModes.map((value) => ({ value, label: t(`schedules.modes.${value}`) }))}
        onChange={(mode) => set({ mode: mode ?? undefined })}
      />
      <WorkflowSelect workflow={search.workflow} onChange={(workflow) => set({ workflow })} />
      <PeriodSelect
        value={search.fires}
        label={t('schedules.firesWithin')}
        text={(period) => t(`schedules.within.${period}`)}
        onChange={(fires) => set({ fires })}
      />
      <PeriodSelect
        value={search.created}
        label={t('schedules.createdWithin')}
        text={(period) => t(`executions.periods.${period}`)}
        onChange={(created) => set({ created })}
      />
    </>
  )
}

interface PeriodSelectProps {
  value: Period | undefined
  label: string
  text: (period: Period) => string
  onChange: (period: Period | undefined) => void
}

function PeriodSelect({ value, label, text, onChange }: PeriodSelectProps) {
  return (
    <Select
      allowClear
      value={value ?? null}
      placeholder={label}
      aria-label={label}
      style={{ width: 150 }}
      options={periods.map((period) => ({ value: period, label: text(period) }))}
      onChange={(period) => onChange(period ?? undefined)}
    />
  )
}
