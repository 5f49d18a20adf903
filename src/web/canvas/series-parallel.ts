// Places for large graphs, in one pass: what follows each other is stacked, what runs beside each other stands side by side.
// Nearly every workflow is made so; one that is not is laid out by ELK, which takes many times as long.
import { above, type Block, beside, box, portPlace, type Sheet, wire } from './blocks.ts'
import {
  cardSize,
  chipWidth,
  framePadding,
  leastFrame,
  type Placement,
  type Point,
  portId,
} from './elk-graph.ts'
import type { DrawnEdge, DrawnNode, Structure } from './structure.ts'

/** Undefined when branches are woven into each other. */
export function placeInSeries(structure: Structure): Placement | undefined {
  const bodies: Bodies = {
    nodes: Map.groupBy(structure.nodes, (node) => node.parent ?? ''),
    edges: Map.groupBy(structure.edges, (edge) => edge.parent ?? ''),
  }
  const placement: Placement = { nodes: {}, ports: {}, edges: {} }
  const root = framed(undefined, bodies, placement)
  if (!root) return undefined
  root.draw({ x: 0, y: 0 })
  return placement
}

interface Bodies {
  nodes: Map<string, DrawnNode[]>
  edges: Map<string, DrawnEdge[]>
}

interface Framed {
  size: { width: number; height: number }
  /** `at`: of the frame, on the whole canvas. */
  draw(at: Point): void
}

const rootPadding = { top: 16, side: 16 }

/** `frame`: undefined for the whole canvas. */
function framed(frame: DrawnNode | undefined, bodies: Bodies, placement: Placement): Framed | undefined {
  const id = frame?.id ?? ''
  const inside = new Map<string, Framed>()
  for (const node of bodies.nodes.get(id) ?? []) {
    if (!bodies.nodes.has(node.id)) continue
    const inner = framed(node, bodies, placement)
    if (!inner) return undefined
    inside.set(node.id, inner)
  }
  const sizeOf = (node: DrawnNode) => inside.get(node.id)?.size ?? cardSize
  const body = reduce(bodies.nodes.get(id) ?? [], bodies.edges.get(id) ?? [], sizeOf)
  if (!body) return undefined
  const { top, side } = frame ? framePadding(frame) : rootPadding
  const size = {
    width: Math.max(frame ? leastFrame.width : 0, body.width + 2 * side),
    height: Math.max(frame ? leastFrame.height : 0, top + body.height + side),
  }
  const ports = new Map((bodies.nodes.get(id) ?? []).map((node) => [node.id, node.usedPorts]))
  const left = (size.width - body.width) / 2
  return {
    size,
    draw: (at) => body.draw({ x: left, y: top }, sheetAt(at, { placement, ports, inside })),
  }
}

interface Content {
  placement: Placement
  ports: ReadonlyMap<string, readonly string[]>
  inside: ReadonlyMap<string, Framed>
}

/** Nodes are placed within their frame, lines on the whole canvas. */
function sheetAt(at: Point, { placement, ports, inside }: Content): Sheet {
  const moved = ({ x, y }: Point) => ({ x: x + at.x, y: y + at.y })
  const drawn = (edge: string) => {
    placement.edges[edge] ??= { points: [] }
    return placement.edges[edge]
  }
  return {
    node(node, place) {
      placement.nodes[node] = place
      const used = ports.get(node) ?? []
      for (const [index, port] of used.entries())
        placement.ports[portId(node, port)] = portPlace(place.width, index, used.length)
      inside.get(node)?.draw(moved(place))
    },
    line: (edge, ...points) => void drawn(edge).points.push(...points.map(moved)),
    // A line that passes others by is named where it begins.
    label(edge, point) {
      drawn(edge).label ??= moved(point)
    },
  }
}

/** What begins with one node, as far as it is put together. */
interface Part {
  block: Block
  outs: DrawnEdge[]
}

type SizeOf = (node: DrawnNode) => { width: number; height: number }

/** One block of all; from the last node to the first, each takes in what only it leads to. */
function reduce(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[], sizeOf: SizeOf): Block | undefined {
  const ins = Map.groupBy(edges, (edge) => edge.to)
  const outs = Map.groupBy(edges, (edge) => edge.from)
  const labels = new Map(
    edges.flatMap(({ id, label }) => (label === undefined ? [] : [[id, chipWidth(label)] as const])),
  )
  const parts = new Map<string, Part>()
  const order = new Map(nodes.map(({ id }, index) => [id, index]))
  const ground: Ground = { parts, ins, labels, order }
  for (const node of backwards(nodes, ins, outs)) {
    const leaving = outs.get(node.id) ?? []
    const block = box({
      id: node.id,
      size: sizeOf(node),
      entries: (ins.get(node.id) ?? []).map(({ id }) => id),
      exits: node.usedPorts.map((port) => leaving.filter((edge) => edge.port === port).map(({ id }) => id)),
    })
    parts.set(node.id, grow({ block, outs: sortByPort(leaving, node, order) }, ground))
  }
  const starts = nodes
    .filter(({ id }) => !ins.has(id))
    .flatMap(({ id }) => parts.get(id) ?? [])
    .map((part) => ({ ...part, isWire: false }))
  const whole = sideBySide(gather(starts, ground))
  // Whoever was not taken in is entered from several sides.
  return whole.outs.length === 0 ? whole.block : undefined
}

interface Ground {
  parts: Map<string, Part>
  ins: Map<string, DrawnEdge[]>
  labels: ReadonlyMap<string, number>
  order: ReadonlyMap<string, number>
}

const sortByPort = (edges: DrawnEdge[], { usedPorts }: DrawnNode, order: ReadonlyMap<string, number>) =>
  [...edges].sort(
    (a, b) =>
      usedPorts.indexOf(a.port) - usedPorts.indexOf(b.port) ||
      (order.get(a.to) ?? 0) - (order.get(b.to) ?? 0),
  )

/** Takes in what only this part leads to, as long as there is such. */
function grow(part: Part, ground: Ground): Part {
  let grown = part
  for (;;) {
    const next = follower(grown, ground)
    if (!next) return grown
    grown = { block: above(grown.block, next.block, ground.labels), outs: next.outs }
  }
}

/** What stands below a part: all that it leads to, which then has to come together again. */
function follower({ outs }: Part, ground: Ground): Part | undefined {
  if (outs.length === 0) return undefined
  const strands = gather(strandsOf(outs, ground), ground)
  const goals = new Set(strands.flatMap((strand) => strand.outs.map((edge) => edge.to)))
  // Nothing but lines, to where others lead as well.
  if (goals.size > 1 || strands.every(({ isWire }) => isWire)) return undefined
  return sideBySide(strands)
}

interface Strand extends Part {
  isWire: boolean
}

const sideBySide = (strands: readonly Strand[]): Part => ({
  block: beside(strands.map(({ block }) => block)),
  outs: strands.flatMap((strand) => strand.outs),
})

/** One for each that is entered from here only; for each other edge a line that goes on. */
function strandsOf(outs: readonly DrawnEdge[], { parts, ins, labels }: Ground): Strand[] {
  const heading = Map.groupBy(outs, (edge) => edge.to)
  return [...heading].flatMap(([to, edges]): Strand[] => {
    const part = parts.get(to)
    if (part && ins.get(to)?.length === edges.length) return [{ ...part, isWire: false }]
    return edges.map((edge) => ({
      block: wire(edge.id, (labels.get(edge.id) ?? 0) + 16),
      outs: [edge],
      isWire: true,
    }))
  })
}

/** Some of them come together before the others do. */
function gather(strands: Strand[], ground: Ground): Strand[] {
  const joined = strands.length > 1 ? joinSome(strands, ground) : undefined
  return joined ? gather(joined, ground) : strands
}

/** The strands with the first group of them that comes together put into one; undefined when there is none. */
function joinSome(strands: readonly Strand[], { parts, ins, labels }: Ground): Strand[] | undefined {
  const groups = Map.groupBy(strands, ({ outs }) => (outs.length > 0 ? outs[0]?.to : undefined))
  for (const [to, group] of groups) {
    const part = to === undefined ? undefined : parts.get(to)
    const lines = group.flatMap((strand) => strand.outs)
    if (!part || lines.some((edge) => edge.to !== to) || ins.get(to ?? '')?.length !== lines.length) continue
    const block = above(sideBySide(group).block, part.block, labels)
    const at = strands.indexOf(group[0] as Strand)
    const rest = strands.filter((strand) => !group.includes(strand))
    return rest.toSpliced(Math.min(at, rest.length), 0, { block, outs: part.outs, isWire: false })
  }
  return undefined
}

/** Every node after all that it leads to. */
function backwards(
  nodes: readonly DrawnNode[],
  ins: ReadonlyMap<string, readonly DrawnEdge[]>,
  outs: ReadonlyMap<string, readonly DrawnEdge[]>,
): DrawnNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const open = new Map(nodes.map(({ id }) => [id, outs.get(id)?.length ?? 0]))
  const done = nodes.filter(({ id }) => open.get(id) === 0)
  for (const node of done)
    for (const { from } of ins.get(node.id) ?? []) {
      const left = (open.get(from) ?? 0) - 1
      open.set(from, left)
      const before = byId.get(from)
      if (left === 0 && before) done.push(before)
    }
  return done
}
