// Every record any path touches, from the target on, each with the numbers of the nodes bound to it.
import { Alert } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preview } from '../../../api/contract/previews.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import { type AssociatedRecord, treeRows } from './associations.ts'

interface TreeProps {
  preview: Preview
  nodes: ReadonlyMap<string, DrawnNode>
  /** The selected node: its records are highlighted. */
  node: string | undefined
  record: AssociatedRecord | undefined
  onRecord: (record: AssociatedRecord | undefined) => void
}

export function RecordTree({ preview, nodes, node, record, onRecord }: TreeProps) {
  const { t } = useTranslation()
  const { target, graph } = preview
  const root = target ? `${target.collection}:${target.id}` : undefined
  const rows = useMemo(() => treeRows(graph, root), [graph, root])
  if (rows.length === 0) return null
  return (
    <section className="f-section">
      <h2>{t('preview.records')}</h2>
      <p className="f-quiet">{t('preview.recordsText')}</p>
      {graph.truncated && <Alert type="warning" title={t('preview.truncated')} showIcon />}
      <ul className="f-tree">
        {rows.map((row) => (
          <li key={row.record.key} style={{ paddingLeft: 20 * row.depth }}>
            <button
              type="button"
              className="f-tree-record"
              aria-pressed={record?.key === row.record.key}
              data-linked={(node !== undefined && row.record.boundBy.includes(node)) || undefined}
              onClick={() => onRecord(record?.key === row.record.key ? undefined : row.record)}
              onMouseEnter={() => onRecord(row.record)}
              onMouseLeave={() => onRecord(undefined)}
            >
              <span className="f-quiet">{row.relation ?? row.record.collection}</span>
              <span className="f-grow">{row.record.label}</span>
              <Numbers record={row.record} nodes={nodes} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Numbers({ record, nodes }: { record: AssociatedRecord; nodes: ReadonlyMap<string, DrawnNode> }) {
  const { t } = useTranslation()
  const bound = record.boundBy.flatMap((id) => nodes.get(id) ?? []).sort((a, b) => a.number - b.number)
  if (bound.length === 0) return null
  const names = bound.map((node) => `${node.number} ${node.title}`).join(', ')
  return (
    <span className="f-row f-tree-numbers" title={names}>
      <span className="f-hidden-text">{t('preview.boundBy', { names })}</span>
      {bound.map((node) => (
        <span key={node.id} className="f-number" aria-hidden>
          {node.number}
        </span>
      ))}
    </span>
  )
}
