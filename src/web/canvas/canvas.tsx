// The graph of a workflow: preview and execution alike.
import '@xyflow/react/dist/base.css'
import './canvas.css'
import { ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react'
import { ErrorPanel, Loading } from '../ui/messages.tsx'
import { CanvasControls } from './canvas-controls.tsx'
import { drawingOf } from './drawing.ts'
import { cardSize, manyNodes, type Placement } from './elk-graph.ts'
import { flowEdges, flowNodes } from './flow-parts.ts'
import { edgeViews, nodeViews, PageContext } from './flow-views.tsx'
import { Legend } from './legend.tsx'
import type { CanvasModel } from './model.ts'
import { onlyLookedAt } from './only-looked-at.ts'
import { ShownContext, useShown } from './shown.ts'
import type { Structure } from './structure.ts'
import { usePlacement } from './use-placement.ts'
import { absolutePlaces, isArrowKey, neighbour } from './walk.ts'

export interface CanvasProps {
  structure: Structure
  model: CanvasModel
  /** Accessible name of the graph. */
  label: string
  selected?: string | undefined
  onSelect?: (node: string | undefined) => void
  onHover?: (node: string | undefined) => void
  /** Nodes highlighted because they belong to what is pointed at elsewhere. */
  linked?: ReadonlySet<string>
  onPage?: (run: string, key: string) => void
}

export function Canvas(props: CanvasProps) {
  const { structure } = props
  const placed = usePlacement(useMemo(() => drawingOf(structure), [structure]))
  if (placed.key !== structure.key) return <Loading />
  if (!placed.placement) return <ErrorPanel error={placed.error} />
  return (
    <ReactFlowProvider key={structure.key}>
      <PageContext value={props.onPage}>
        <Graph {...props} placement={placed.placement} />
      </PageContext>
    </ReactFlowProvider>
  )
}

const nothingLinked: ReadonlySet<string> = new Set()
const fitOptions = { padding: 0.12, maxZoom: 1, minZoom: 0.35 }

function Graph(props: CanvasProps & { placement: Placement }) {
  const { structure, model, label, selected, onSelect, linked, placement } = props
  const shown = useShown(
    model,
    useMemo(() => ({ selected, linked: linked ?? nothingLinked }), [selected, linked]),
  )
  const area = useRef<HTMLElement>(null)
  const onKeyDown = useArrowKeys({ structure, placement, area, onSelect })
  return (
    <section ref={area} className="f-canvas" aria-label={label} onKeyDown={onKeyDown}>
      <ShownContext value={shown}>
        <Placed structure={structure} placement={placement} {...usePointer(props)} />
      </ShownContext>
    </section>
  )
}

interface PlacedProps {
  structure: Structure
  placement: Placement
  onSelect: (node: string | undefined) => void
  onHover: (node: string | undefined) => void
}

/** Handlers that stay the same: React Flow draws every card again for another. */
function usePointer(props: CanvasProps): Pick<PlacedProps, 'onSelect' | 'onHover'> {
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  return useMemo(
    () => ({
      onSelect: (node) => latest.current.onSelect?.(node),
      onHover: (node) => latest.current.onHover?.(node),
    }),
    [],
  )
}

const Placed = memo(function Placed({ structure, placement, onSelect, onHover }: PlacedProps) {
  const nodes = useMemo(() => flowNodes(structure, placement), [structure, placement])
  const edges = useMemo(() => flowEdges(structure, placement), [structure, placement])
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeViews}
      edgeTypes={edgeViews}
      fitView
      fitViewOptions={fitOptions}
      {...onlyLookedAt}
      onlyRenderVisibleElements={nodes.length > manyNodes}
      onNodeClick={(_, node) => node.type !== 'branch' && onSelect(node.id)}
      onNodeMouseEnter={(_, node) => node.type !== 'branch' && onHover(node.id)}
      onNodeMouseLeave={() => onHover(undefined)}
      onPaneClick={() => onSelect(undefined)}
    >
      <CanvasControls fitOptions={fitOptions} legend={<Legend />} />
    </ReactFlow>
  )
})

interface WalkProps {
  structure: Structure
  placement: Placement
  area: React.RefObject<HTMLElement | null>
  onSelect: CanvasProps['onSelect']
}

/** Arrows go from card to card, Enter and Space select as buttons do, Escape lets go. */
function useArrowKeys({ structure, placement, area, onSelect }: WalkProps) {
  const { setCenter, getZoom } = useReactFlow()
  const places = useMemo(() => absolutePlaces(structure.nodes, placement), [structure, placement])
  return (event: KeyboardEvent) => {
    if (event.key === 'Escape') onSelect?.(undefined)
    const from = event.target instanceof HTMLElement ? event.target.dataset.node : undefined
    if (from === undefined || !isArrowKey(event.key)) return
    const to = neighbour(places, from, event.key)
    const place = to === undefined ? undefined : places.get(to)
    if (to === undefined || !place) return
    event.preventDefault()
    onSelect?.(to)
    const card = area.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"]`)
    card?.focus({ preventScroll: true })
    void setCenter(place.x + cardSize.width / 2, place.y + cardSize.height / 2, {
      zoom: getZoom(),
      duration: 120,
    })
  }
}
