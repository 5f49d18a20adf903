// Drawing + places + what is marked → the nodes and edges React Flow draws.
import type { Edge, Node } from '@xyflow/react'
import type { Placement, Point } from '../canvas/elk-graph.ts'
import type { DrawnNode } from '../canvas/structure.ts'
import type { AssociatedRecord, Box, Drawing, GroupBox, RecordBox } from './draw.ts'
import { type RecordProgress, sumProgress } from './record-progress.ts'

/** A type, not an interface: React Flow wants an index signature. */
export type BoxFacts = {
  selected: boolean
  linked: boolean
  /** The one box that the tab key reaches; arrows reach the others. */
  inTabOrder: boolean
  /** Nodes of the workflow bound here, by number. */
  boundBy: readonly DrawnNode[]
  progress?: RecordProgress | undefined
}

export type RecordFlowNode = Node<BoxFacts & { box: RecordBox }, 'record'>
export type GroupFlowNode = Node<BoxFacts & { box: GroupBox; marks: Marks }, 'group-box'>
export type BoxFlowNode = RecordFlowNode | GroupFlowNode
export type LinkFlowEdge = Edge<{ points: Point[]; isNear: boolean; relations: string }, 'link'>

export interface Marks {
  /** Key of a record. */
  selected: string | undefined
  /** Keys of records. */
  linked: ReadonlySet<string>
  nodes: ReadonlyMap<string, DrawnNode>
  progress: ReadonlyMap<string, RecordProgress> | undefined
}

export function boundNodes(
  records: readonly AssociatedRecord[],
  nodes: ReadonlyMap<string, DrawnNode>,
): DrawnNode[] {
  const ids = new Set(records.flatMap((record) => record.boundBy))
  return [...ids].flatMap((id) => nodes.get(id) ?? []).sort((a, b) => a.number - b.number)
}

const recordsOf = (box: Box) => (box.kind === 'record' ? [box.record] : box.records)

const nameOf = (box: Box) => (box.kind === 'record' ? box.record.label : box.collection)

export function boxNodes(drawing: Drawing, placement: Placement, marks: Marks): BoxFlowNode[] {
  const tabStop = drawing.boxOf.get(marks.selected ?? '') ?? drawing.boxes[0]?.key
  return drawing.boxes.flatMap((box): BoxFlowNode[] => {
    const place = placement.nodes[box.key]
    if (!place) return []
    const { x, y, width, height } = place
    const at = { id: box.key, position: { x, y }, width, height, zIndex: 1 }
    const facts = { ...factsOf(box, marks), inTabOrder: box.key === tabStop }
    return box.kind === 'record'
      ? [{ ...at, type: 'record', data: { ...facts, box } }]
      : [{ ...at, type: 'group-box', data: { ...facts, box, marks } }]
  })
}

function factsOf(box: Box, { selected, linked, nodes, progress }: Marks): Omit<BoxFacts, 'inTabOrder'> {
  const records = recordsOf(box)
  return {
    selected: records.some((record) => record.key === selected),
    linked: records.some((record) => linked.has(record.key)),
    boundBy: boundNodes(records, nodes),
    progress:
      progress &&
      (box.kind === 'record'
        ? progress.get(box.key)
        : sumProgress(records.map((record) => progress.get(record.key)))),
  }
}

export function linkEdges(
  drawing: Drawing,
  placement: Placement,
  selected: string | undefined,
): LinkFlowEdge[] {
  const names = new Map(drawing.boxes.map((box) => [box.key, nameOf(box)]))
  const near = drawing.boxOf.get(selected ?? '')
  return drawing.links.flatMap(({ id, from, to, relations }): LinkFlowEdge[] => {
    const route = placement.edges[id]
    if (!route) return []
    const isNear = near !== undefined && (from === near || to === near)
    const data = { points: route.points, isNear, relations: relations.join(', ') }
    const ariaLabel = `${names.get(from)} → ${names.get(to)}`
    return [{ id, type: 'link', source: from, target: to, zIndex: isNear ? 2 : 0, ariaLabel, data }]
  })
}
