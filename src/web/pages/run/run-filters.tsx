// One row of filters, kept in the URL.
import { Button, Input, Segmented, Select } from 'antd'
import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunGroups } from '../../../api/contract/workflows.ts'
import { useText } from '../../i18n/use-language.ts'
import { type RunSearch, runPeriods, workflowKinds } from '../../search.ts'
import { useTypedText } from '../../ui/use-typed-text.ts'

interface FiltersProps {
  search: RunSearch
  choices: Pick<RunGroups, 'targets' | 'owners'>
  onChange: (part: { [K in keyof RunSearch]?: RunSearch[K] | undefined }) => void
}

export function RunFilters({ search, choices, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const [q, setQ] = useTypedText(search.q ?? '', (text) => onChange({ q: text || undefined }))
  const { kind = 'main', favourite } = search
  return (
    <search className="f-filters" aria-label={t('run.filters')}>
      <Segmented
        value={kind}
        aria-label={t('workflows.kind')}
        options={workflowKinds.map((value) => ({ value, label: t(`workflows.kinds.${value}`) }))}
        onChange={(value) => onChange({ kind: value })}
      />
      <Input.Search
        allowClear
        value={q}
        placeholder={t('run.search')}
        aria-label={t('run.search')}
        style={{ width: 240 }}
        onChange={(event) => setQ(event.target.value)}
      />
      <Button
        className="f-star"
        icon={<Star size={14} />}
        aria-pressed={favourite === 'yes'}
        onClick={() => onChange({ favourite: favourite ? undefined : 'yes' })}
      >
        {t('run.favourites')}
      </Button>
      <TargetFilter search={search} choices={choices} onChange={onChange} />
      <Select
        allowClear
        showSearch
        value={search.owner ?? null}
        placeholder={t('run.anyOwner')}
        aria-label={t('run.owner')}
        style={{ width: 160 }}
        options={choices.owners.map((owner) => ({ value: owner, label: owner }))}
        onChange={(owner) => onChange({ owner: owner ?? undefined })}
      />
      <UpdatedFilter search={search} choices={choices} onChange={onChange} />
    </search>
  )
}

function TargetFilter({ search, choices, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const text = useText()
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={search.target ?? null}
      placeholder={t('run.anyTarget')}
      aria-label={t('workflows.target')}
      style={{ width: 170 }}
      options={choices.targets.map(({ key, title }) => ({ value: key, label: text(title) }))}
      onChange={(target) => onChange({ target: target ?? undefined })}
    />
  )
}

function UpdatedFilter({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const date = (name: 'from' | 'to') => (
    <Input
      type="date"
      value={search[name] ?? ''}
      aria-label={t(`run.${name}`)}
      style={{ width: 136 }}
      onChange={(event) => onChange({ [name]: event.target.value || undefined })}
    />
  )
  return (
    <>
      <Select
        allowClear
        value={search.updated ?? null}
        placeholder={t('run.anyTime')}
        aria-label={t('workflows.updated')}
        style={{ width: 160 }}
        options={runPeriods.map((value) => ({ value, label: t(`run.periods.${value}`) }))}
        onChange={(updated) => onChange({ updated: updated ?? undefined, from: undefined, to: undefined })}
      />
      {search.updated === 'custom' && (
        <>
          {date('from')}
          <span aria-hidden>–</span>
          {date('to')}
        </>
      )}
    </>
  )
}
