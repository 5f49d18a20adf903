// Boxes and links → input of the ELK layout algorithm: from the target to the right. Pure.
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import type { Box, Drawing } from './draw.ts'

export const recordSize = { width: 192, height: 46 }
const openSize = { width: 240, height: 292 }

export const sizeOf = (box: Box) => (box.kind === 'group' && box.isOpen ? openSize : recordSize)

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.layered.mergeEdges': 'true',
  'elk.spacing.nodeNode': '14',
  'elk.spacing.componentComponent': '24',
  'elk.padding': '[top=16,left=16,bottom=16,right=16]',
}

export function elkGraphOf({ boxes, links }: Drawing): ElkNode {
  return {
    id: '',
    layoutOptions: options,
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
