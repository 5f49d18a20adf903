// The records an execution works on and those in between, from the target on: preview and execution alike.
import '@xyflow/react/dist/base.css'
import '../canvas/canvas.css'
import './association.css'
import { ReactFlow, ReactFlowProvider } from '@xyflow/react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssociationGraph } from '../../api/contract/associations.ts'
import { CanvasControls } from '../canvas/canvas-controls.tsx'
import { onlyLookedAt } from '../canvas/only-looked-at.ts'
import type { DrawnNode } from '../canvas/structure.ts'
import { usePlacement } from '../canvas/use-placement.ts'
import { useText } from '../i18n/use-language.ts'
import { ErrorPanel, Loading } from '../ui/messages.tsx'
import { ActsContext, type AssociationActs } from './acts.ts'
import { AssociationLegend } from './association-legend.tsx'
import { drawAssociations } from './draw.ts'
import { elkGraphOf } from './place.ts'
import { boxNodes, linkEdges } from './record-boxes.ts'
import type { RecordProgress } from './record-progress.ts'
import { boxViews, linkViews } from './record-views.tsx'
import { type Drawn, fitOptions, showRoot, useOpenedInSight } from './sight.ts'
import { useArrowKeys } from './use-arrow-keys.ts'

export interface AssociationCanvasProps {
  graph: AssociationGraph
  /** Of the workflow. */
  title: string
  /** Nodes of the workflow by id: their numbers stand on the records bound to them. */
  nodes: ReadonlyMap<string, DrawnNode>
  /** Key of a record. */
  selected?: string | undefined
  onSelect?: (record: string | undefined) => void
  /** Keys of the records pointed at: one, or all of a group. */
  onHover?: (records: readonly string[] | undefined) => void
  /** Keys of records highlighted because they belong to what is pointed at elsewhere. */
  linked?: ReadonlySet<string>
  /** During an execution, by key: records are filled by it. */
  progress?: ReadonlyMap<string, RecordProgress>
}

const nothing = () => undefined
const nothingLinked: ReadonlySet<string> = new Set()
/** Fewer are drawn quicker than their visibility is found out. */
const drawnAtOnce = 60

/** New data is laid out beside what is shown: zoom and selection stay; only another target is a new picture. */
export const AssociationCanvas = (props: AssociationCanvasProps) => (
  <TargetRecords key={props.graph.root} {...props} />
)

function TargetRecords(props: AssociationCanvasProps) {
  const { graph, onSelect = nothing, onHover = nothing } = props
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const drawing = useMemo(() => drawAssociations(graph, { open }), [graph, open])
  const titleOf = useCollectionTitles(graph)
  const { placement, error } = usePlacement(
    useMemo(() => ({ key: drawing.key, graph: () => elkGraphOf(drawing) }), [drawing]),
  )
  const acts: AssociationActs = {
    select: onSelect,
    hover: onHover,
    toggle: (group) => setOpen(toggled(open, group)),
    titleOf,
  }
  if (error) return <ErrorPanel error={error} />
  if (!placement) return <Loading />
  return (
    <ReactFlowProvider>
      <ActsContext value={acts}>
        <Graph {...props} drawing={drawing} placement={placement} />
      </ActsContext>
    </ReactFlowProvider>
  )
}

function toggled(open: ReadonlySet<string>, group: string): ReadonlySet<string> {
  const next = new Set(open)
  if (!next.delete(group)) next.add(group)
  return next
}

function useCollectionTitles(graph: AssociationGraph): (collection: string) => string {
  const text = useText()
  const titles = new Map(graph.collections.map(({ key, title }) => [key, text(title)]))
  return (collection) => titles.get(collection) ?? collection
}

function Graph(props: AssociationCanvasProps & Drawn) {
  const { drawing, placement, title, selected, linked = nothingLinked, nodes, progress } = props
  const { t } = useTranslation()
  const marks = useMemo(() => ({ selected, linked, nodes, progress }), [selected, linked, nodes, progress])
  const boxes = useMemo(() => boxNodes(drawing, placement, marks), [drawing, placement, marks])
  const edges = useMemo(() => linkEdges(drawing, placement, selected), [drawing, placement, selected])
  const area = useRef<HTMLElement>(null)
  const onKeyDown = useArrowKeys(props, area)
  useOpenedInSight(props, area)
  return (
    <section
      ref={area}
      className="f-canvas"
      aria-label={t('association.label', { title })}
      onKeyDown={onKeyDown}
    >
      <ReactFlow
        nodes={boxes}
        edges={edges}
        nodeTypes={boxViews}
        edgeTypes={linkViews}
        fitView
        fitViewOptions={fitOptions}
        onInit={(flow) => void showRoot(flow, props, area.current)}
        {...onlyLookedAt}
        onlyRenderVisibleElements={boxes.length > drawnAtOnce}
        onPaneClick={() => props.onSelect?.(undefined)}
      >
        <CanvasControls
          fitOptions={fitOptions}
          legend={<AssociationLegend isExecution={progress !== undefined} />}
        />
      </ReactFlow>
    </section>
  )
}
