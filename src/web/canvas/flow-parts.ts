// Model + places → the nodes and edges React Flow draws.
import type { Edge, Node } from '@xyflow/react'
import type { Place, Placement, Point } from './elk-graph.ts'
import { portId } from './elk-graph.ts'
import type { CanvasModel, ModelEdge, ModelNode } from './model.ts'

export type CardNode = Node<
  {
    node: ModelNode
    selected: boolean
    linked: boolean
    inTabOrder: boolean
    /** Distance of each port from the left. */
    portX: Record<string, number>
  },
  'card' | 'frame' | 'branch'
>
export type DrawnFlowEdge = Edge<{ edge: ModelEdge; points: Point[]; label: Point | undefined }, 'drawn'>

export interface Marks {
  selected: string | undefined
  linked: ReadonlySet<string>
}

export function flowNodes(model: CanvasModel, placement: Placement, marks: Marks): CardNode[] {
  const tabStop = marks.selected ?? model.nodes[0]?.id
  const depths = depthsOf(model)
  return model.nodes.flatMap((node): CardNode[] => {
    const place = placement.nodes[node.id]
    if (!place) return []
    const look = {
      selected: marks.selected === node.id,
      linked: marks.linked.has(node.id),
      inTabOrder: tabStop === node.id,
    }
    const known = drawnCards.get(node)
    if (known?.placement === placement && isSameLook(known.card.data, look)) return [known.card]
    const card = cardOf(node, { placement, place, depth: depths.get(node.id) ?? 0, look })
    drawnCards.set(node, { placement, card })
    return [card]
  })
}

type Look = Pick<CardNode['data'], 'selected' | 'linked' | 'inTabOrder'>

/** The same object for what has not changed: React Flow draws a node again when its object is another. */
const drawnCards = new WeakMap<ModelNode, { placement: Placement; card: CardNode }>()

const isSameLook = (one: Look, other: Look): boolean =>
  one.selected === other.selected && one.linked === other.linked && one.inTabOrder === other.inTabOrder

interface Drawn {
  placement: Placement
  place: Place
  depth: number
  look: Look
}

function cardOf(node: ModelNode, { placement, place, depth, look }: Drawn): CardNode {
  return {
    id: node.id,
    type: node.kind,
    position: { x: place.x, y: place.y },
    width: place.width,
    height: place.height,
    zIndex: node.kind === 'card' ? 3 * depth + 2 : 3 * depth,
    ...(node.parent === undefined ? {} : { parentId: node.parent }),
    data: {
      node,
      ...look,
      portX: Object.fromEntries(
        node.usedPorts.map((port) => [port, placement.ports[portId(node.id, port)] ?? place.width / 2]),
      ),
    },
  }
}

export function flowEdges(model: CanvasModel, placement: Placement): DrawnFlowEdge[] {
  const depths = depthsOf(model)
  return model.edges.flatMap((edge): DrawnFlowEdge[] => {
    const route = placement.edges[edge.id]
    if (!route) return []
    return [
      {
        id: edge.id,
        type: 'drawn',
        source: edge.from,
        target: edge.to,
        sourceHandle: edge.port,
        zIndex: 3 * (depths.get(edge.from) ?? 0) + 1,
        data: { edge, points: route.points, label: route.label },
      },
    ]
  })
}

function depthsOf(model: CanvasModel): Map<string, number> {
  const depths = new Map<string, number>()
  for (const node of model.nodes)
    depths.set(node.id, node.parent === undefined ? 0 : (depths.get(node.parent) ?? 0) + 1)
  return depths
}
