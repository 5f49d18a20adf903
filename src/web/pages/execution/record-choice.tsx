// Records to tick, each with what became of it last; searched, and drawn only where one looks.
import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { ShownStatus } from '../../ui/status-legend.ts'
import { useWindow } from '../../ui/use-window.ts'

export interface Choosable {
  id: string
  label: string
  status?: ShownStatus
  /** Why it is as it is. */
  note?: string | undefined
}

interface ChoiceProps {
  records: readonly Choosable[]
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}

const rowHeight = 32

export function RecordChoice({ records, chosen, onChange }: ChoiceProps) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState('')
  const text = wanted.trim().toLowerCase()
  const found = text === '' ? records : records.filter(({ label }) => label.toLowerCase().includes(text))
  const set = (ids: readonly string[], checked: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) checked ? next.add(id) : next.delete(id)
    onChange(next)
  }
  const ids = found.map(({ id }) => id)
  return (
    <div className="f-section">
      <div className="f-row">
        {records.length > 8 && (
          <Input
            size="small"
            className="f-grow"
            allowClear
            aria-label={t('choice.search')}
            placeholder={t('choice.search')}
            onChange={(event) => setWanted(event.target.value)}
          />
        )}
        <Button size="small" type="link" onClick={() => set(ids, true)}>
          {t('choice.all')}
        </Button>
        <Button size="small" type="link" onClick={() => set(ids, false)}>
          {t('choice.none')}
        </Button>
        <span className="f-quiet f-num">
          {t('choice.count', { chosen: chosen.size, count: records.length })}
        </span>
      </div>
      <Rows records={found} chosen={chosen} onTick={(id, checked) => set([id], checked)} />
    </div>
  )
}

interface RowsProps {
  records: readonly Choosable[]
  chosen: ReadonlySet<string>
  onTick: (id: string, checked: boolean) => void
}

function Rows({ records, chosen, onTick }: RowsProps) {
  const shown = useWindow(records.length, rowHeight)
  return (
    <div
      ref={shown.area}
      className="f-choice"
      onScroll={shown.onScroll}
      style={{ height: Math.min(8, records.length) * rowHeight + 2 }}
    >
      <ul
        style={{
          height: records.length * rowHeight,
          paddingTop: shown.first * rowHeight,
        }}
      >
        {records.slice(shown.first, shown.end).map(({ id, label, status, note }) => (
          <li key={id}>
            <Checkbox checked={chosen.has(id)} onChange={(event) => onTick(id, event.target.checked)}>
              {label}
            </Checkbox>
            {note && (
              <span className="f-quiet f-grow f-choice-note" title={note}>
                {note}
              </span>
            )}
            {status && <StatusBadge status={status} />}
          </li>
        ))}
      </ul>
    </div>
  )
}
