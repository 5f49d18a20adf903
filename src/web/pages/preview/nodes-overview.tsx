// All nodes with the records they will work on, to be changed in one place.
import { Button, Drawer, Input } from 'antd'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import { InParts } from '../../ui/in-parts.tsx'
import { CheckAll, RecordCheck } from './binding-checks.tsx'
import { usePreviewPage } from './context.ts'
import { ModeHint } from './node-panel.tsx'

export function NodesOverview({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const page = usePreviewPage()
  const { choices } = page
  const [before] = useState(choices.unchecked)
  const [q, setQ] = useState('')
  const cancel = () => {
    if (choices.unchecked !== before) choices.change(before)
    onClose()
  }
  return (
    <Drawer
      open
      size={640}
      title={t('preview.nodesOverview')}
      onClose={onClose}
      footer={
        <div className="f-row">
          <Button icon={<Undo2 size={14} />} disabled={!choices.undo} onClick={choices.undo}>
            {t('preview.undo')}
          </Button>
          <span className="f-grow" />
          <Button onClick={cancel}>{t('common.cancel')}</Button>
          <Button type="primary" onClick={onClose}>
            {t('preview.keep')}
          </Button>
        </div>
      }
    >
      <div className="f-stack">
        <Input.Search
          allowClear
          value={q}
          placeholder={t('preview.searchRecords')}
          aria-label={t('preview.searchRecords')}
          onChange={(event) => setQ(event.target.value)}
        />
        {byNumber(page.preview?.bindings ?? [], page.nodes).map((binding) => (
          <NodeRecords key={binding.node} binding={binding} q={q.trim().toLowerCase()} />
        ))}
      </div>
    </Drawer>
  )
}

function byNumber(
  bindings: readonly PreviewBinding[],
  nodes: ReadonlyMap<string, { number: number }>,
): PreviewBinding[] {
  const numberOf = ({ node }: PreviewBinding) => nodes.get(node)?.number ?? 0
  return bindings.toSorted((a, b) => numberOf(a) - numberOf(b))
}

function NodeRecords({ binding, q }: { binding: PreviewBinding; q: string }) {
  const { t } = useTranslation()
  const node = usePreviewPage().nodes.get(binding.node)
  const shown = binding.records.filter(({ label, id }) => `${label} ${id}`.toLowerCase().includes(q))
  const name = node ? `${node.number} · ${node.title}` : binding.node
  return (
    <section className="f-over-node" aria-label={name}>
      <h3>{name}</h3>
      <ModeHint binding={binding} />
      {binding.records.length === 0 && <p className="f-warn">{t('preview.nothingBound')}</p>}
      {shown.length > 0 && (
        <>
          <CheckAll binding={binding} shown={shown} />
          <InParts rows={shown}>
            {(rows) =>
              rows.map((record) => <RecordCheck key={record.id} binding={binding} record={record} />)
            }
          </InParts>
        </>
      )}
    </section>
  )
}
