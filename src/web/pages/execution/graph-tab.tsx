// The graph of the nodes and, beside it or in its place, that of the records they work on; each points into the other.
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Splitter } from 'antd'
import { Boxes, Workflow } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssociationGraph } from '../../../api/contract/associations.ts'
import { keyOf, nodeOf } from '../../../core/run-id.ts'
import { AssociationCanvas } from '../../association/association-canvas.tsx'
import { nodesOfRecords, recordsOfNode } from '../../association/links.ts'
import { recordProgress } from '../../association/record-progress.ts'
import { associationsQuery } from '../../data/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/messages.tsx'
import { useExecutionPage } from './context.ts'
import { NodeGraph } from './node-graph.tsx'
import { statusOnRecord } from './status-on-record.ts'

const nothing: AssociationGraph = { nodes: [], edges: [], collections: [], truncated: false }

export function GraphTab() {
  const { t } = useTranslation()
  const { side = 'nodes' } = useSearch({ from: '/executions/$id' })
  const page = useExecutionPage()
  const { execution } = page.live
  const hasRecords = side !== 'nodes' && execution.target !== undefined
  const query = useQuery({ ...associationsQuery(execution.id, page.bindingsRead), enabled: hasRecords })
  const graph = query.data ?? nothing
  const [hovered, setHovered] = useState<string>()
  const [pointed, setPointed] = useState<readonly string[]>()
  const [record, setRecord] = useState<string>()
  const linkedNodes = useMemo(
    () => nodesOfRecords(graph, pointed ?? (record === undefined ? undefined : [record])),
    [graph, pointed, record],
  )
  if (page.structure.nodes.length === 0)
    return <EmptyState icon={Workflow} title={t('canvas.empty')} text={t('canvas.emptyText')} />
  const node = hovered ?? (page.selected === undefined ? undefined : nodeOf(page.selected))
  const nodes = <NodeGraph linked={linkedNodes} onHover={setHovered} />
  if (!hasRecords) return nodes
  const records = (
    <Loaded query={query}>
      {() => (
        <Records graph={graph} node={node} selected={record} onSelect={setRecord} onHover={setPointed} />
      )}
    </Loaded>
  )
  if (side === 'records') return records
  return (
    <Splitter>
      <Splitter.Panel min={200}>{nodes}</Splitter.Panel>
      <Splitter.Panel min={200}>{records}</Splitter.Panel>
    </Splitter>
  )
}

interface RecordsProps {
  graph: AssociationGraph
  /** Its records are highlighted. */
  node: string | undefined
  selected: string | undefined
  onSelect: (record: string | undefined) => void
  onHover: (records: readonly string[] | undefined) => void
}

function Records({ graph, node, selected, onSelect, onHover }: RecordsProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const statusOf = useMemo(() => statusOnRecord(page.last.values()), [page.last])
  const progress = useMemo(() => recordProgress(graph, statusOf), [graph, statusOf])
  const linked = useMemo(() => recordsOfNode(graph, node), [graph, node])
  if (graph.nodes.length === 0)
    return <EmptyState icon={Boxes} title={t('execution.noRecords')} text={t('execution.noRecordsText')} />
  const choose = (key: string | undefined) => {
    onSelect(key)
    const run = key === undefined ? undefined : runOnRecord(graph, key)
    if (run !== undefined) page.select(run)
  }
  /** The run on that record of the node that is selected, else of the first that works on it. */
  const runOnRecord = (all: AssociationGraph, key: string): string | undefined => {
    const record = all.nodes.find((candidate) => candidate.key === key)
    if (!record) return undefined
    const runs = [...page.last.keys()].filter(
      (run) => keyOf(run) === record.id && record.boundBy.includes(nodeOf(run)),
    )
    return runs.find((run) => nodeOf(run) === node) ?? runs.at(-1)
  }
  return (
    <AssociationCanvas
      graph={graph}
      title={page.live.execution.workflowTitle}
      nodes={page.nodes}
      selected={selected}
      onSelect={choose}
      onHover={onHover}
      linked={linked}
      progress={progress}
    />
  )
}
