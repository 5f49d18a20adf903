// Which records one node will work on; those bound at the start may be unchecked.
import { Alert, Checkbox, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import { useText } from '../../i18n/use-language.ts'
import { isChecked, toggle, type Unchecked } from './choices.ts'

interface DrawerProps {
  node: DrawnNode | undefined
  binding: PreviewBinding | undefined
  unchecked: Unchecked
  onChange: (unchecked: Unchecked) => void
  onClose: () => void
}

export function BindingDrawer({ node, binding, unchecked, onChange, onClose }: DrawerProps) {
  const { t } = useTranslation()
  const text = useText()
  if (!node) return null
  return (
    <Drawer open onClose={onClose} title={`${node.number} · ${node.title}`} size={460} mask={false}>
      <div className="f-stack">
        <p className="f-quiet">{text(node.typeTitle)}</p>
        {node.note && <p>{node.note}</p>}
        {binding ? (
          <Records binding={binding} unchecked={unchecked} onChange={onChange} />
        ) : (
          <p className="f-quiet">{t('preview.notBound')}</p>
        )}
      </div>
    </Drawer>
  )
}

type RecordsProps = Pick<DrawerProps, 'unchecked' | 'onChange'> & { binding: PreviewBinding }

function Records({ binding, unchecked, onChange }: RecordsProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const { records, mode, problem } = binding
  if (problem) return <Alert type="error" title={problem.message} description={problem.pointer} showIcon />
  if (records.length === 0)
    return (
      <Alert
        type="warning"
        title={t('preview.nothingBound')}
        description={t('preview.nothingBoundText')}
        showIcon
      />
    )
  const shown = records.filter((record) => record.label.toLowerCase().includes(q.toLowerCase()))
  return (
    <>
      {mode !== 'start' && <Alert type="info" title={t(`preview.modes.${mode}`)} showIcon />}
      {records.length > 8 && (
        <Input.Search
          allowClear
          value={q}
          placeholder={t('preview.searchRecords')}
          aria-label={t('preview.searchRecords')}
          onChange={(event) => setQ(event.target.value)}
        />
      )}
      <Checks binding={{ ...binding, records: shown }} unchecked={unchecked} onChange={onChange} />
    </>
  )
}

function Checks({ binding, unchecked, onChange }: RecordsProps) {
  const { t } = useTranslation()
  const { node, mode, collection } = binding
  const fixed = mode !== 'start'
  const ids = binding.records.map((record) => record.id)
  const checked = ids.filter((id) => isChecked(unchecked, node, id))
  const set = (records: readonly string[], on: boolean) => onChange(toggle(unchecked, { node, records, on }))
  return (
    <>
      <Checkbox
        checked={checked.length === ids.length}
        indeterminate={checked.length > 0 && checked.length < ids.length}
        disabled={fixed}
        onChange={(event) => set(ids, event.target.checked)}
      >
        {t('preview.chosen', { chosen: checked.length, count: ids.length, collection })}
      </Checkbox>
      <div className="f-checks">
        {binding.records.map((record) => (
          <Checkbox
            key={record.id}
            checked={isChecked(unchecked, node, record.id)}
            disabled={fixed}
            onChange={(event) => set([record.id], event.target.checked)}
          >
            {record.label}
          </Checkbox>
        ))}
      </div>
    </>
  )
}
