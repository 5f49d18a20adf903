// What of the graph is in sight: at first, and when a group opens. Nothing else moves the view but the reader.
import { type ReactFlowInstance, useReactFlow } from '@xyflow/react'
import { type RefObject, useEffect, useRef } from 'react'
import type { Placement } from '../canvas/elk-graph.ts'
import type { Drawing } from './draw.ts'
import { directionOf, sizeOf } from './place.ts'
import type { BoxFlowNode, LinkFlowEdge } from './record-boxes.ts'

export interface Drawn {
  drawing: Drawing
  placement: Placement
}

/** Smaller than this nothing can be read. */
const least = 0.6
export const fitOptions = { padding: 0.06, maxZoom: 1, minZoom: 0.1 }
const margin = 16

type Flow = Pick<ReactFlowInstance<BoxFlowNode, LinkFlowEdge>, 'fitView' | 'getZoom' | 'setViewport'>

/** What is too large to be read as a whole begins with its target. */
export async function showRoot(
  flow: Flow,
  { drawing, placement }: Drawn,
  area: HTMLElement | null,
): Promise<void> {
  await flow.fitView(fitOptions)
  const root = placement.nodes[drawing.boxes[0]?.key ?? '']
  if (flow.getZoom() >= least || !root || !area) return
  const { clientWidth, clientHeight } = area
  const isDown = directionOf(drawing) === 'DOWN'
  const x = isDown ? clientWidth / 2 - (root.x + root.width / 2) * least : margin - root.x * least
  const y = isDown ? margin - root.y * least : clientHeight / 2 - (root.y + root.height / 2) * least
  await flow.setViewport({ x, y, zoom: least })
}

/** A group that was just opened is moved into sight, as far as needed; the zoom stays. */
export function useOpenedInSight({ drawing, placement }: Drawn, area: RefObject<HTMLElement | null>): void {
  const { getViewport, setViewport } = useReactFlow()
  const known = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const open = drawing.boxes.filter((box) => box.kind === 'group' && box.isOpen)
    // Until the drawing is laid out anew, the place is that of the closed box.
    const placed = open.filter((box) => placement.nodes[box.key]?.height === sizeOf(box).height)
    const fresh = placed.find((box) => !known.current.has(box.key))
    known.current = new Set(placed.map((box) => box.key))
    const place = fresh && placement.nodes[fresh.key]
    if (!place || !area.current) return
    const { x, y, zoom } = getViewport()
    const { clientWidth, clientHeight } = area.current
    const dx = pushed(place.x * zoom + x, place.width * zoom, clientWidth)
    const dy = pushed(place.y * zoom + y, place.height * zoom, clientHeight)
    if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 120 })
  }, [drawing, placement, area, getViewport, setViewport])
}

/** How far something at `start` must move to lie within `space`; its start matters most. */
function pushed(start: number, size: number, space: number): number {
  if (start < margin) return margin - start
  return Math.max(Math.min(0, space - margin - (start + size)), margin - start)
}
