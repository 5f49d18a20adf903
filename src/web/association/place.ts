// Boxes and links → input of the ELK layout algorithm: from the target to the right, or down. Pure.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import type { Box, Drawing } from './draw.ts'

export const recordSize = { width: 180, height: 46 }
const openSize = { width: 240, height: 292 }

export const sizeOf = (box: Box) => (box.kind === 'group' && box.isOpen ? openSize : recordSize)

const options = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.mergeEdges': 'true',
  'elk.spacing.nodeNode': '14',
  'elk.spacing.componentComponent': '24',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
}

const gap = { along: 44, across: 14 }
/** The pane it is usually seen in. */
const pane = { width: 560, height: 680 }

/** The direction in which more of it can be read at once. */
export function directionOf(drawing: Drawing): 'RIGHT' | 'DOWN' {
  const { depth, widest } = extentOf(drawing)
  const { width, height } = recordSize
  const zoom = (wide: number, tall: number) => Math.min(pane.width / wide, pane.height / tall)
  const right = zoom(depth * (width + gap.along), widest * (height + gap.across))
  const down = zoom(widest * (width + gap.across), depth * (height + gap.along))
  return down > right ? 'DOWN' : 'RIGHT'
}

/** How many layers, and how many boxes in the fullest of them. */
function extentOf({ boxes, links }: Drawing): { depth: number; widest: number } {
  const next = Map.groupBy(links, (link) => link.from)
  const seen = new Set<string>()
  let layer = boxes.slice(0, 1).map((box) => box.key)
  let depth = 0
  let widest = 1
  while (layer.length > 0) {
    for (const key of layer) seen.add(key)
    depth += 1
    widest = Math.max(widest, layer.length)
    const reached = layer.flatMap((key) => (next.get(key) ?? []).map((link) => link.to))
    layer = [...new Set(reached)].filter((key) => !seen.has(key))
  }
  return { depth: Math.max(1, depth), widest: Math.max(widest, boxes.length - seen.size) }
}

export function elkGraphOf(drawing: Drawing): ElkNode {
  const { boxes, links } = drawing
  return {
    id: '',
    layoutOptions: { ...options, 'elk.direction': directionOf(drawing) },
    children: boxes.map((box) => ({
      id: box.key,
      ...sizeOf(box),
      ...(box.kind === 'record' && box.isRoot
        ? { layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' } }
        : {}),
    })),
    edges: links.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  }
}
