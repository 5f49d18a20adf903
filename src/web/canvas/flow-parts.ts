// Structure + places → the nodes and edges React Flow places; what they show comes to them by itself (`shown.ts`).
import type { Edge, Node } from '@xyflow/react'
import type { Placement, Point } from './elk-graph.ts'
import { portId } from './elk-graph.ts'
import type { Structure } from './structure.ts'

export type CardNode = Node<
  {
    ports: readonly string[]
    /** Distance of each port from the left. */
    portX: Record<string, number>
  },
  'card' | 'frame' | 'branch'
>
export type DrawnFlowEdge = Edge<{ points: Point[]; label: Point | undefined }, 'drawn'>

export function flowNodes(structure: Structure, placement: Placement): CardNode[] {
  const depths = depthsOf(structure)
  return structure.nodes.flatMap((node): CardNode[] => {
    const place = placement.nodes[node.id]
    if (!place) return []
    const depth = depths.get(node.id) ?? 0
    const ports = node.usedPorts
    return [
      {
        id: node.id,
        type: node.kind,
        position: { x: place.x, y: place.y },
        width: place.width,
        height: place.height,
        zIndex: node.kind === 'card' ? 3 * depth + 2 : 3 * depth,
        ...(node.parent === undefined ? {} : { parentId: node.parent }),
        data: {
          ports,
          portX: Object.fromEntries(
            ports.map((port) => [port, placement.ports[portId(node.id, port)] ?? place.width / 2]),
          ),
        },
      },
    ]
  })
}

export function flowEdges(structure: Structure, placement: Placement): DrawnFlowEdge[] {
  const depths = depthsOf(structure)
  const titles = new Map(structure.nodes.map(({ id, title }) => [id, title]))
  return structure.edges.flatMap((edge): DrawnFlowEdge[] => {
    const route = placement.edges[edge.id]
    if (!route) return []
    return [
      {
        id: edge.id,
        type: 'drawn',
        source: edge.from,
        target: edge.to,
        // Else React Flow says it in English, and by ids.
        ariaLabel: `${titles.get(edge.from)} → ${titles.get(edge.to)}`,
        sourceHandle: edge.port,
        zIndex: 3 * (depths.get(edge.from) ?? 0) + 1,
        data: { points: route.points, label: route.label },
      },
    ]
  })
}

function depthsOf({ nodes }: Structure): Map<string, number> {
  const depths = new Map<string, number>()
  for (const node of nodes)
    depths.set(node.id, node.parent === undefined ? 0 : (depths.get(node.parent) ?? 0) + 1)
  return depths
}
