// Structure → input of the ELK layout algorithm, and its answer → places. Pure; ELK itself runs in a worker.
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { DrawnEdge, DrawnNode, Structure } from './structure.ts'

export const cardSize = { width: 200, height: 56 }
const frameHead = 36
export const leastFrame = { width: 280, height: 88 }
/** From here on graphs are placed in a faster way. */
export const manyNodes = 200
const chipHeight = 16

export interface Point {
  x: number
  y: number
}

export interface Place extends Point {
  width: number
  height: number
}

export interface Placement {
  /** Relative to the frame it is in. */
  nodes: Record<string, Place>
  /** Distance of a port from the left of its node, by `node:port`. */
  ports: Record<string, number>
  /** On the whole canvas. */
  edges: Record<string, { points: Point[]; label?: Point }>
}

const rootOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.spacing.nodeNodeBetweenLayers': '36',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.componentComponent': '28',
  'elk.spacing.edgeLabel': '4',
  'elk.edgeLabels.inline': 'false',
}

export function elkGraphOf(structure: Structure): ElkNode {
  const children = Map.groupBy(structure.nodes, (node) => node.parent ?? '')
  const edges = Map.groupBy(structure.edges, (edge) => edge.parent ?? '')
  const body = (frame: string): Pick<ElkNode, 'children' | 'edges'> => ({
    children: (children.get(frame) ?? []).map((node) => elkNode(node, body)),
    edges: (edges.get(frame) ?? []).map(elkEdge),
  })
  const large = structure.nodes.length > manyNodes ? { 'elk.layered.thoroughness': '2' } : {}
  return { id: '', layoutOptions: { ...rootOptions, ...large, 'elk.padding': padding(16, 16) }, ...body('') }
}

/** Room between a frame and what is in it. */
export const framePadding = (frame: DrawnNode): { top: number; side: number } => ({
  top: frame.kind === 'branch' ? 32 : frameHead + 12,
  side: 16,
})

const padding = (top: number, side: number): string =>
  `[top=${top},left=${side},bottom=${side},right=${side}]`

function elkNode(node: DrawnNode, body: (frame: string) => Pick<ElkNode, 'children' | 'edges'>): ElkNode {
  const inside = node.kind === 'card' ? {} : body(node.id)
  const isEmpty = (inside.children ?? []).length === 0
  const { top, side } = framePadding(node)
  const frameOptions = {
    ...rootOptions,
    'elk.padding': padding(top, side),
    'elk.nodeSize.constraints': 'MINIMUM_SIZE PORTS',
    'elk.nodeSize.minimum': `(${leastFrame.width},${leastFrame.height})`,
    'elk.contentAlignment': 'V_TOP H_CENTER',
  }
  return {
    id: node.id,
    ...(isEmpty ? cardSize : inside),
    ports: elkPorts(node),
    layoutOptions: {
      ...(isEmpty ? {} : frameOptions),
      'elk.portConstraints': isEmpty ? 'FIXED_POS' : 'FIXED_ORDER',
    },
  }
}

/** Where the dot of a port is, as a fraction of the width. */
export const portFraction = (index: number, count: number): number => (index + 1) / (count + 1)

function elkPorts(node: DrawnNode): NonNullable<ElkNode['ports']> {
  const out = node.usedPorts.map((port, index) => ({
    id: portId(node.id, port),
    width: 0,
    height: 0,
    x: cardSize.width * portFraction(index, node.usedPorts.length),
    y: cardSize.height,
    // South ports are ordered from right to left.
    layoutOptions: { 'elk.port.side': 'SOUTH', 'elk.port.index': String(node.usedPorts.length - index) },
  }))
  const entry = {
    id: portId(node.id, '>in'),
    width: 0,
    height: 0,
    x: cardSize.width / 2,
    y: 0,
    layoutOptions: { 'elk.port.side': 'NORTH', 'elk.port.index': '0' },
  }
  return [entry, ...out]
}

export const portId = (node: string, port: string): string => `${node}:${port}`

/** Width of a label chip in 11 px type: exact enough, and the same on every machine. */
export function chipWidth(text: string): number {
  let width = 12
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e80 ? 11.5 : 6.4
  return Math.round(Math.min(width, 140))
}

function elkEdge(edge: DrawnEdge): ElkExtendedEdge {
  const label = edge.label
  return {
    id: edge.id,
    sources: [portId(edge.from, edge.port)],
    targets: [portId(edge.to, '>in')],
    ...(label === undefined
      ? {}
      : {
          labels: [
            {
              text: label,
              width: chipWidth(label),
              height: chipHeight,
              layoutOptions: { 'elk.edgeLabels.placement': 'TAIL' },
            },
          ],
        }),
  }
}

export function placementOf(root: ElkNode): Placement {
  const placement: Placement = { nodes: {}, ports: {}, edges: {} }
  readBody(root, { x: 0, y: 0 }, placement)
  return placement
}

function readBody(node: ElkNode, at: Point, placement: Placement): void {
  for (const edge of node.edges ?? []) placement.edges[edge.id ?? ''] = readEdge(edge, at)
  for (const child of node.children ?? []) {
    const place = {
      x: child.x ?? 0,
      y: child.y ?? 0,
      width: child.width ?? cardSize.width,
      height: child.height ?? cardSize.height,
    }
    placement.nodes[child.id] = place
    for (const port of child.ports ?? []) placement.ports[port.id] = port.x ?? place.width / 2
    readBody(child, { x: at.x + place.x, y: at.y + place.y }, placement)
  }
}

function readEdge(edge: ElkExtendedEdge, at: Point): { points: Point[]; label?: Point } {
  const move = (point: Point): Point => ({ x: point.x + at.x, y: point.y + at.y })
  const points = (edge.sections ?? []).flatMap((section) => [
    section.startPoint,
    ...(section.bendPoints ?? []),
    section.endPoint,
  ])
  const label = edge.labels?.[0]
  return {
    points: points.map(move),
    ...(label ? { label: move({ x: label.x ?? 0, y: label.y ?? 0 }) } : {}),
  }
}
