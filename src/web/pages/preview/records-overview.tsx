// All records with the nodes that will work on them, to be read.
import { Checkbox, Drawer, Input } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssociationGraph } from '../../../api/contract/associations.ts'
import type { AssociatedRecord } from '../../association/draw.ts'
import { boundNodes } from '../../association/record-boxes.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { InParts } from '../../ui/in-parts.tsx'
import { type PreviewPage, usePreviewPage } from './context.ts'

interface OverviewProps {
  graph: AssociationGraph
  onClose: () => void
}

export function RecordsOverview({ graph, onClose }: OverviewProps) {
  const { t } = useTranslation()
  const page = usePreviewPage()
  const [q, setQ] = useState('')
  const [onlyBound, setOnlyBound] = useState(true)
  const wanted = q.trim().toLowerCase()
  const rows = graph.nodes.filter(
    ({ label, id, boundBy }) =>
      `${label} ${id}`.toLowerCase().includes(wanted) && (!onlyBound || boundBy.length > 0),
  )
  const show = (record: string) => {
    page.select({ record })
    onClose()
  }
  return (
    <Drawer open size={640} title={t('preview.recordsOverview')} onClose={onClose}>
      <div className="f-stack">
        <div className="f-row">
          <Input.Search
            allowClear
            value={q}
            style={{ flex: 1 }}
            placeholder={t('preview.searchRecords')}
            aria-label={t('preview.searchRecords')}
            onChange={(event) => setQ(event.target.value)}
          />
          <Checkbox checked={onlyBound} onChange={(event) => setOnlyBound(event.target.checked)}>
            {t('preview.onlyBound')}
          </Checkbox>
        </div>
        <InParts rows={rows}>
          {(shown) => (
            <DataTable
              columns={columns(t, page, show)}
              rows={shown}
              rowKey={(row) => row.key}
              label={t('preview.recordsOverview')}
            />
          )}
        </InParts>
      </div>
    </Drawer>
  )
}

const columns = (
  t: TFunction,
  page: PreviewPage,
  show: (record: string) => void,
): Column<AssociatedRecord>[] => [
  {
    key: 'record',
    title: t('preview.recordColumn'),
    width: 180,
    cell: (row) => (
      <button type="button" className="f-row-link f-plain" onClick={() => show(row.key)}>
        {row.label}
      </button>
    ),
  },
  {
    key: 'collection',
    title: t('preview.collection'),
    width: 130,
    cell: (row) => page.titleOf(row.collection),
  },
  {
    key: 'nodes',
    title: t('preview.nodesColumn'),
    cell: (row) => {
      const names = boundNodes([row], page.nodes).map((node) => `${node.number} · ${node.title}`)
      return names.length > 0 ? names.join(', ') : <span className="f-quiet">{t('preview.none')}</span>
    },
  },
]
