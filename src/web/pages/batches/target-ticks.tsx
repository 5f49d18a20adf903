// What the search has found, thousands of rows at most, each with its tick.
import { Checkbox } from 'antd'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { WindowedRows } from '../../association/windowed-rows.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

interface TicksProps {
  items: readonly { id: string; label: string }[]
  /** There are more. */
  truncated: boolean
  isBusy: boolean
  ticked: ReadonlySet<string>
  onTick: (ticked: ReadonlySet<string>) => void
}

const rowHeight = 32

export function TargetTicks({ items, truncated, isBusy, ticked, onTick }: TicksProps) {
  const { t } = useTranslation()
  if (items.length === 0)
    return <EmptyState icon={SearchX} title={t('batches.noneFound')} text={t('batches.noneFoundText')} />
  const count = items.filter(({ id }) => ticked.has(id)).length
  const isAll = count === items.length
  const toggle = (id: string) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    onTick(next)
  }
  return (
    <div className="f-panel f-many-list" aria-busy={isBusy}>
      <div className="f-many-all">
        <Checkbox
          checked={isAll}
          indeterminate={count > 0 && !isAll}
          onChange={() => onTick(new Set(isAll ? [] : items.map(({ id }) => id)))}
        >
          {t('batches.tickAll', { count: items.length })}
        </Checkbox>
        {truncated && <span className="f-quiet">{t('batches.truncated')}</span>}
        <span className="f-grow" />
        <span className="f-num">{t('batches.ticked', { count })}</span>
      </div>
      <WindowedRows rows={items} rowHeight={rowHeight} keyOf={({ id }) => id}>
        {({ id, label }) => (
          <div className="f-many-row" style={{ height: rowHeight }}>
            <Checkbox checked={ticked.has(id)} onChange={() => toggle(id)}>
              {label}
            </Checkbox>
            {label !== id && <span className="f-quiet">{id}</span>}
          </div>
        )}
      </WindowedRows>
    </div>
  )
}
