// The records of one binding, each with its check; thousands of them if need be.
import { Button, Checkbox, Input, Tooltip } from 'antd'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import { WindowedRows } from '../../association/windowed-rows.tsx'
import { toggle } from './choices.ts'
import { type PreviewPage, usePreviewPage } from './context.ts'

const rowHeight = 30
const searchedFrom = 8

export function BindingChecks({ binding }: { binding: PreviewBinding }) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const wanted = q.trim().toLowerCase()
  const { records } = binding
  const shown = wanted
    ? records.filter(({ label, id }) => `${label} ${id}`.toLowerCase().includes(wanted))
    : records
  return (
    <div className="f-checks-box">
      {records.length > searchedFrom && (
        <Input.Search
          allowClear
          value={q}
          placeholder={t('preview.searchRecords')}
          aria-label={t('preview.searchRecords')}
          onChange={(event) => setQ(event.target.value)}
        />
      )}
      <CheckAll binding={binding} shown={shown} />
      <WindowedRows rows={shown} rowHeight={rowHeight} keyOf={(record) => record.id}>
        {(record) => <RecordCheck binding={binding} record={record} />}
      </WindowedRows>
      {shown.length === 0 && <p className="f-quiet">{t('association.noMatch')}</p>}
    </div>
  )
}

type Record = PreviewBinding['records'][number]

export const mayChoose = ({ mode }: Pick<PreviewBinding, 'mode'>): boolean => mode === 'start'

export function setChecks(
  { choices }: Pick<PreviewPage, 'choices'>,
  of: { node: string; records: readonly string[]; on: boolean },
): void {
  choices.change(toggle(choices.unchecked, of))
}

/** All that the search has left. */
export function CheckAll({ binding, shown }: { binding: PreviewBinding; shown: readonly Record[] }) {
  const { t } = useTranslation()
  const page = usePreviewPage()
  const { node } = binding
  const worked = page.worked.get(node)
  const checked = shown.filter(({ id }) => worked?.has(id)).length
  return (
    <Checkbox
      checked={checked > 0 && checked === shown.length}
      indeterminate={checked > 0 && checked < shown.length}
      disabled={!mayChoose(binding) || shown.length === 0}
      onChange={(event) =>
        setChecks(page, { node, records: shown.map(({ id }) => id), on: event.target.checked })
      }
    >
      {t('preview.chosen', {
        chosen: checked,
        count: shown.length,
        collection: page.titleOf(binding.collection ?? ''),
      })}
    </Checkbox>
  )
}

export function RecordCheck({ binding, record }: { binding: PreviewBinding; record: Record }) {
  const { t } = useTranslation()
  const page = usePreviewPage()
  const { node } = binding
  const key = `${binding.collection}:${record.id}`
  return (
    <div className="f-check" style={{ height: rowHeight }}>
      <Checkbox
        checked={page.worked.get(node)?.has(record.id) ?? false}
        disabled={!mayChoose(binding)}
        onChange={(event) => setChecks(page, { node, records: [record.id], on: event.target.checked })}
      >
        {record.label}
      </Checkbox>
      <Tooltip title={t('preview.viewRecord')}>
        <Button
          type="text"
          size="small"
          icon={<Eye size={14} />}
          aria-label={t('preview.viewRecordNamed', { label: record.label })}
          onClick={() => page.select({ record: key })}
        />
      </Tooltip>
    </div>
  )
}
