// The drawing of a document: numbered nodes, frames, ports and edges. Independent of any execution,
// so that a status update never moves a node.
import type { NodeDocument, WorkflowDocument } from '../../core/document.ts'
import { portsOf } from '../../core/validate/ports.ts'
import type { ContainerKind, Ports, Text } from '../../sdk/node-type.ts'
import { numberNodes } from './numbering.ts'

/** What the canvas must know of a node type; answered by `GET /api/v1/node-types`. */
export interface CanvasType {
  type: string
  title: Text
  icon: string
  group: string
  ports?: Ports | undefined
  container?: ContainerKind | undefined
}

export interface DrawnNode {
  id: string
  /** Frames of branches are drawn but are no nodes of the document. */
  kind: 'card' | 'frame' | 'branch'
  /** Running number, 1…n, as operators quote it; 0 for branches. */
  number: number
  title: string
  type: string
  typeTitle: Text | undefined
  icon: string
  group: string
  /** The frame it is drawn in. */
  parent?: string
  /** Title of the branch, for frames of branches. */
  container?: ContainerKind
  /** All it offers. */
  ports: string[]
  /** Those an edge leaves by: only they are drawn. */
  usedPorts: string[]
  bound: boolean
  note?: string
}

export interface DrawnEdge {
  id: string
  from: string
  to: string
  port: string
  /** Its node has several ports to leave by. */
  decided: boolean
  /** Shown at the port when edges leave by several. */
  label?: string
  parent?: string
}

export interface Structure {
  /** Parents come before their children. */
  nodes: DrawnNode[]
  edges: DrawnEdge[]
  /** Same key, same drawing: layouts are cached by it. */
  key: string
}

export type CanvasTypes = ReadonlyMap<string, CanvasType>

export function structureOf(document: WorkflowDocument, types: CanvasTypes): Structure {
  const numbers = numberNodes(document)
  const leaving = Map.groupBy(document.edges, (edge) => edge.from)
  const nodes: DrawnNode[] = []
  for (const id of numbers.keys()) {
    const node = document.nodes.find((candidate) => candidate.id === id)
    if (!node) continue
    const branch = branchFrame(node)
    if (branch && !nodes.some((other) => other.id === branch.id)) nodes.push(branch)
    const drawn = drawNode(node, types.get(node.type), numbers.get(id) ?? 0)
    const used = new Set((leaving.get(id) ?? []).map((edge) => edge.port ?? 'out'))
    nodes.push({
      ...drawn,
      usedPorts: [...new Set([...drawn.ports, ...used])].filter((port) => used.has(port)),
    })
  }
  const edges = drawEdges(document, new Map(nodes.map((node) => [node.id, node])))
  return { nodes, edges, key: structureKey(nodes, edges) }
}

function drawNode(node: NodeDocument, type: CanvasType | undefined, number: number): DrawnNode {
  const parent = node.branch ? branchId(node) : node.parent
  return {
    id: node.id,
    kind: type?.container ? 'frame' : 'card',
    number,
    title: node.title ?? node.id,
    type: node.type,
    typeTitle: type?.title,
    icon: type?.icon ?? 'circle-help',
    group: type?.group ?? 'control',
    ...(parent === undefined ? {} : { parent }),
    ...(type?.container ? { container: type.container } : {}),
    ports: portsOf({ node, facts: type }) ?? ['out'],
    usedPorts: [],
    bound: node.bind !== undefined,
    ...(node.note ? { note: node.note } : {}),
  }
}

const branchId = (node: NodeDocument): string => `${node.parent ?? ''}/${node.branch ?? ''}`

function branchFrame(node: NodeDocument): DrawnNode | undefined {
  if (!node.branch || !node.parent) return undefined
  return {
    id: branchId(node),
    kind: 'branch',
    number: 0,
    title: node.branch,
    type: '',
    typeTitle: undefined,
    icon: 'git-branch',
    group: 'control',
    parent: node.parent,
    ports: [],
    usedPorts: [],
    bound: false,
  }
}

function drawEdges(document: WorkflowDocument, nodes: ReadonlyMap<string, DrawnNode>): DrawnEdge[] {
  return document.edges.flatMap((edge) => {
    const from = nodes.get(edge.from)
    const to = nodes.get(edge.to)
    if (!from || !to || from.parent !== to.parent) return []
    const port = edge.port ?? 'out'
    return [
      {
        id: `${edge.from}:${port}→${edge.to}`,
        from: edge.from,
        to: edge.to,
        port,
        decided: from.ports.length > 1,
        ...(from.usedPorts.length > 1 || port !== 'out' ? { label: port } : {}),
        ...(from.parent === undefined ? {} : { parent: from.parent }),
      },
    ]
  })
}

function structureKey(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): string {
  const drawn = nodes.map((node) => [node.id, node.kind, node.parent ?? '', node.usedPorts.join('|')])
  return JSON.stringify([drawn, edges.map((edge) => edge.id)])
}
