// A period up to now, or two times of one's own.
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { periods } from '../../search.ts'
import { changed } from './changed.ts'
import type { SearchProps } from './list-head.tsx'

const choices = [...periods, 'custom'] as const
type Choice = (typeof choices)[number]

/** As a field for date and time wants it, in local time. */
function localText(iso: string | undefined): string {
  const at = new Date(iso ?? Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const isoOf = (local: string): string | undefined =>
  local === '' ? undefined : new Date(local).toISOString()

export function TimeFilter({ search, onChange }: SearchProps) {
  const { t } = useTranslation()
  const hasTimes = search.from !== undefined || search.to !== undefined
  const [isCustom, setCustom] = useState(false)
  const value: Choice | null = search.period ?? (hasTimes || isCustom ? 'custom' : null)
  const choose = (choice: Choice | undefined) => {
    setCustom(choice === 'custom')
    const period = choice === 'custom' ? undefined : choice
    onChange(changed(search, { period, from: undefined, to: undefined }))
  }
  const field = (name: 'from' | 'to') => (
    <Input
      type="datetime-local"
      style={{ width: 212 }}
      aria-label={t(`executions.${name}`)}
      value={localText(search[name])}
      onChange={(event) =>
        onChange(changed(search, { period: undefined, [name]: isoOf(event.target.value) }))
      }
    />
  )
  return (
    <>
      <Select<Choice>
        allowClear
        value={value}
        placeholder={t('executions.anyTime')}
        aria-label={t('executions.period')}
        style={{ width: 150 }}
        options={choices.map((choice) => ({ value: choice, label: t(`executions.periods.${choice}`) }))}
        onChange={choose}
      />
      {value === 'custom' && (
        <>
          {field('from')}
          <span aria-hidden>–</span>
          {field('to')}
        </>
      )}
    </>
  )
}
