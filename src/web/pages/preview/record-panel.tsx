// One record: the nodes that may work on it, each with its check, and its fields.
import { Link } from '@tanstack/react-router'
import { Checkbox, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PreviewBinding } from '../../../api/contract/previews.ts'
import type { AssociatedRecord } from '../../association/draw.ts'
import { RecordFields } from '../../association/record-fields.tsx'
import { mayChoose, setChecks } from './binding-checks.tsx'
import { usePreviewPage } from './context.ts'
import { CloseButton } from './node-panel.tsx'

export function RecordPanel({ record }: { record: AssociatedRecord }) {
  const { t } = useTranslation()
  const { preview, select, titleOf } = usePreviewPage()
  const { collection, id, key, label } = record
  const offering = (preview?.bindings ?? []).filter(
    (binding) => binding.collection === collection && binding.records.some((one) => one.id === id),
  )
  return (
    <section className="f-detail" aria-label={t('preview.record', { label })}>
      <header className="f-detail-head">
        <h2 className="f-grow">{label}</h2>
        <CloseButton onClose={() => select(undefined)} />
      </header>
      <p className="f-row">
        <span className="f-quiet">{titleOf(collection)}</span>
        {preview?.graph.root === key && <Tag color="blue">{t('association.target')}</Tag>}
        <Link to="/data" search={{ collection, record: id }}>
          {t('preview.openData')}
        </Link>
      </p>
      <div className="f-section">
        <h3>{t('preview.nodesOf')}</h3>
        {offering.length === 0 && <p className="f-quiet">{t('preview.between')}</p>}
        {offering.map((binding) => (
          <NodeCheck key={binding.node} binding={binding} id={id} />
        ))}
      </div>
      <div className="f-section">
        <h3>{t('preview.fields')}</h3>
        <RecordFields collection={collection} id={id} />
      </div>
    </section>
  )
}

function NodeCheck({ binding, id }: { binding: PreviewBinding; id: string }) {
  const page = usePreviewPage()
  const { node } = binding
  const drawn = page.nodes.get(node)
  return (
    <Checkbox
      checked={page.worked.get(node)?.has(id) ?? false}
      disabled={!mayChoose(binding)}
      onChange={(event) => setChecks(page, { node, records: [id], on: event.target.checked })}
    >
      {drawn ? `${drawn.number} · ${drawn.title}` : node}
    </Checkbox>
  )
}
