// All records of a large collection in one box: how many, and open a list to search.
import { Input } from 'antd'
import { ChevronDown, ChevronRight, Layers } from 'lucide-react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAssociationActs } from './acts.ts'
import type { AssociatedRecord, GroupBox } from './draw.ts'
import { type BoxFacts, boundNodes, type Marks } from './record-boxes.ts'
import { FillMark, Numbers, useBoundNames } from './record-card.tsx'
import { fillOf } from './record-progress.ts'
import { WindowedRows } from './windowed-rows.tsx'

export const GroupCard = memo(function GroupCard(props: BoxFacts & { box: GroupBox; marks: Marks }) {
  const { box, selected, linked, progress, marks } = props
  const { t } = useTranslation()
  const { hover, titleOf } = useAssociationActs()
  const name = { title: titleOf(box.collection), count: box.records.length }
  return (
    <fieldset
      aria-label={t('association.group', name)}
      className="f-rec f-rec-group"
      data-open={box.isOpen || undefined}
      data-linked={linked || undefined}
      data-selected={selected || undefined}
      data-fill={progress && fillOf(progress)}
      onMouseEnter={() => hover(box.records.map((record) => record.key))}
      onMouseLeave={() => hover(undefined)}
    >
      <GroupHead {...props} />
      {box.isOpen && <GroupRecords box={box} marks={marks} />}
    </fieldset>
  )
})

function GroupHead({
  box,
  inTabOrder,
  boundBy,
  progress,
  marks,
}: BoxFacts & { box: GroupBox; marks: Marks }) {
  const { t } = useTranslation()
  const { toggle, titleOf } = useAssociationActs()
  const title = titleOf(box.collection)
  const count = box.records.length
  const near = box.records.filter((record) => marks.linked.has(record.key)).length
  const names = useBoundNames(boundBy, progress)
  const Chevron = box.isOpen ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      className="f-rec-head"
      data-box={box.key}
      aria-expanded={box.isOpen}
      aria-label={[t('association.group', { title, count }), names].filter(Boolean).join(', ')}
      tabIndex={inTabOrder ? 0 : -1}
      onClick={() => toggle(box.key)}
    >
      <span className="f-rec-line">
        <Layers size={13} aria-hidden />
        <span className="f-rec-label">
          {title} <span className="f-num">× {count}</span>
        </span>
        <FillMark progress={progress} />
        <Chevron size={14} aria-hidden />
      </span>
      <span className="f-rec-line">
        <span className="f-rec-kind f-num">
          {near > 0 && near < count
            ? t('association.near', { near, count })
            : t(box.isOpen ? 'association.close' : 'association.open')}
        </span>
        <Numbers boundBy={boundBy} />
      </span>
    </button>
  )
}

const rowHeight = 28

function GroupRecords({ box, marks }: { box: GroupBox; marks: Marks }) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const wanted = q.trim().toLowerCase()
  const rows = wanted
    ? box.records.filter(({ label, id }) => `${label} ${id}`.toLowerCase().includes(wanted))
    : box.records
  return (
    <div className="f-rec-body nowheel nopan">
      <Input
        allowClear
        size="small"
        value={q}
        placeholder={t('association.search')}
        aria-label={t('association.search')}
        onChange={(event) => setQ(event.target.value)}
      />
      <WindowedRows rows={rows} rowHeight={rowHeight} keyOf={(record) => record.key}>
        {(record) => <RecordRow record={record} marks={marks} />}
      </WindowedRows>
      {rows.length === 0 && <p className="f-quiet">{t('association.noMatch')}</p>}
    </div>
  )
}

function RecordRow({ record, marks }: { record: AssociatedRecord; marks: Marks }) {
  const { select, hover } = useAssociationActs()
  const boundBy = boundNodes([record], marks.nodes)
  const progress = marks.progress?.get(record.key)
  const isSelected = marks.selected === record.key
  const names = useBoundNames(boundBy, progress)
  return (
    <button
      type="button"
      className="f-rec-row"
      data-linked={marks.linked.has(record.key) || undefined}
      data-fill={progress && fillOf(progress)}
      aria-pressed={isSelected}
      aria-label={[record.label, names].filter(Boolean).join(', ')}
      onClick={() => select(isSelected ? undefined : record.key)}
      onMouseEnter={() => hover([record.key])}
    >
      <span className="f-rec-label">{record.label}</span>
      <FillMark progress={progress} />
      <Numbers boundBy={boundBy} />
    </button>
  )
}
