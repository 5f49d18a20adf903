// One row of filters, kept in the URL. What is asked for less often opens behind a button; see `chips.tsx`.
import { Button, Input, Popover, Select } from 'antd'
import { SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { executionStatuses } from '../../../core/statuses.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'
import { changed } from './changed.ts'
import type { SearchProps } from './list-head.tsx'
import { MoreFilters } from './more-filters.tsx'
import { TimeFilter } from './time-filter.tsx'
import { WorkflowSelect } from './workflow-select.tsx'

export function Filters({ search, me, onChange }: SearchProps & { me: string | undefined }) {
  const { t } = useTranslation()
  const set = (part: Partial<Record<keyof ExecutionsSearch, string | undefined>>) =>
    onChange(changed(search, part))
  const [q, setQ] = useTypedText(search.q ?? '', (text) => set({ q: text || undefined }))
  const isMine = me !== undefined && search.startedBy === me
  return (
    <search className="f-filters" aria-label={t('executions.filters')}>
      <Input.Search
        allowClear
        value={q}
        onChange={(event) => setQ(event.target.value)}
        placeholder={t('executions.search')}
        aria-label={t('executions.search')}
        style={{ width: 260 }}
      />
      <StatusFilter status={search.status} onChange={(status) => set({ status })} />
      <WorkflowSelect
        workflow={search.workflow}
        onChange={(workflow) => set({ workflow, version: undefined })}
      />
      <TimeFilter search={search} onChange={onChange} />
      <Toggle
        on={isMine}
        text={t('executions.mine')}
        onToggle={() => set({ startedBy: isMine ? undefined : me })}
      />
      <Toggle
        on={search.needs === 'me'}
        text={t('executions.needsMe')}
        onToggle={() => set({ needs: search.needs ? undefined : 'me' })}
      />
      <Popover
        trigger="click"
        placement="bottomRight"
        content={<MoreFilters search={search} onChange={onChange} />}
      >
        <Button icon={<SlidersHorizontal size={14} />}>{t('executions.more')}</Button>
      </Popover>
    </search>
  )
}

function Toggle({ on, text, onToggle }: { on: boolean; text: string; onToggle: () => void }) {
  return (
    <Button className={on ? 'f-toggle-on' : ''} aria-pressed={on} onClick={onToggle}>
      {text}
    </Button>
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
      maxTagCount="responsive"
      value={status?.split(',') ?? []}
      placeholder={t('executions.anyStatus')}
      aria-label={t('executions.status')}
      style={{ width: 190 }}
      options={executionStatuses.map((value) => ({ value, label: <StatusBadge status={value} /> }))}
      onChange={(values: string[]) => onChange(values.length > 0 ? values.join(',') : undefined)}
    />
  )
}
