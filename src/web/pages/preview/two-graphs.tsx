// Workflow left, records right: pointing at one shows what belongs to it in the other.
import { Alert, Button, Splitter } from 'antd'
import { Compass, Target } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssociationGraph } from '../../../api/contract/associations.ts'
import { AssociationCanvas } from '../../association/association-canvas.tsx'
import { nodesOfRecords, recordsOfNode } from '../../association/links.ts'
import { Canvas } from '../../canvas/canvas.tsx'
import { previewModel } from '../../canvas/model.ts'
import type { Structure } from '../../canvas/structure.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Failure } from '../../ui/messages.tsx'
import { chosenCounts } from './choices.ts'
import { usePreviewPage } from './context.ts'
import { NodesOverview } from './nodes-overview.tsx'
import { RecordsOverview } from './records-overview.tsx'

export interface TwoGraphsProps {
  structure: Structure
  /** As the choices leave it; absent until a target is chosen. */
  graph: AssociationGraph | undefined
  title: string
  error: unknown
  onRetry: () => void
  /** The preview of another target is on its way. */
  isStale: boolean
}

const nothing: AssociationGraph = { nodes: [], edges: [], collections: [], truncated: false }

export function TwoGraphs({ structure, graph = nothing, title, isStale, ...failure }: TwoGraphsProps) {
  const { t } = useTranslation()
  const { preview, worked, select } = usePreviewPage()
  const links = useLinks(graph)
  const [overview, setOverview] = useState<'nodes' | 'records'>()
  const model = useMemo(() => previewModel(structure, chosenCounts(worked)), [structure, worked])
  const open = (which: 'nodes' | 'records') =>
    preview?.target !== undefined && {
      text: t(`preview.${which}Overview`),
      onClick: () => setOverview(which),
    }
  return (
    <>
      <Splitter>
        <Splitter.Panel min={240} defaultSize="46%">
          <Pane title={t('preview.workflow')} action={open('nodes')}>
            <Canvas
              structure={structure}
              model={model}
              label={t('canvas.label', { title })}
              selected={links.node}
              onSelect={(id) => select(id === undefined ? undefined : { node: id })}
              onHover={(id) => links.point({ node: id })}
              linked={links.nodes}
            />
          </Pane>
        </Splitter.Panel>
        <Splitter.Panel min={240}>
          <Pane title={t('preview.records', { count: graph.nodes.length })} action={open('records')}>
            <Records graph={graph} title={title} isStale={isStale} links={links} {...failure} />
          </Pane>
        </Splitter.Panel>
      </Splitter>
      {overview === 'nodes' && <NodesOverview onClose={() => setOverview(undefined)} />}
      {overview === 'records' && <RecordsOverview graph={graph} onClose={() => setOverview(undefined)} />}
    </>
  )
}

interface Pointed {
  node?: string | undefined
  records?: readonly string[] | undefined
}

/** What is highlighted follows the pointer, else the selection. */
function useLinks(graph: AssociationGraph) {
  const { selected } = usePreviewPage()
  const [pointed, point] = useState<Pointed>({})
  const node = selected && 'node' in selected ? selected.node : undefined
  const record = selected && 'record' in selected ? selected.record : undefined
  const nodes = useMemo(
    () => nodesOfRecords(graph, pointed.records ?? (record === undefined ? [] : [record])),
    [graph, pointed.records, record],
  )
  const records = useMemo(() => recordsOfNode(graph, pointed.node ?? node), [graph, pointed.node, node])
  return { node, record, nodes, records, point }
}

interface PaneProps {
  title: string
  action: { text: string; onClick: () => void } | false
  children: ReactNode
}

function Pane({ title, action, children }: PaneProps) {
  return (
    <div className="f-pane">
      <header className="f-pane-head">
        <h2 className="f-grow">{title}</h2>
        {action && (
          <Button size="small" type="text" onClick={action.onClick}>
            {action.text}
          </Button>
        )}
      </header>
      <div className="f-pane-body">{children}</div>
    </div>
  )
}

interface RecordsProps extends Omit<TwoGraphsProps, 'structure'> {
  graph: AssociationGraph
  links: ReturnType<typeof useLinks>
}

function Records({ graph, title, error, onRetry, isStale, links }: RecordsProps) {
  const { t } = useTranslation()
  const { preview, nodes, select } = usePreviewPage()
  if (error) return <Failure error={error} onRetry={onRetry} missing={<NoSuchTarget />} />
  if (!preview)
    return <EmptyState icon={Target} title={t('preview.pickTarget')} text={t('preview.pickTargetText')} />
  if (!preview.target)
    return <EmptyState icon={Target} title={t('preview.noTarget')} text={t('preview.noTargetText')} />
  return (
    <div className="f-pane-graph" aria-busy={isStale}>
      {graph.truncated && <Alert banner type="warning" title={t('preview.truncated')} />}
      <AssociationCanvas
        graph={graph}
        title={title}
        nodes={nodes}
        selected={links.record}
        onSelect={(key) => select(key === undefined ? undefined : { record: key })}
        onHover={(records) => links.point({ records })}
        linked={links.records}
      />
    </div>
  )
}

/** The record of the address: gone, or not for this user. Another is chosen above. */
function NoSuchTarget() {
  const { t } = useTranslation()
  return <EmptyState icon={Compass} title={t('preview.targetGone')} text={t('preview.targetGoneText')} />
}
