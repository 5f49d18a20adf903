// The graph as validation sees it: edges that are sound, in an order in which every node follows what leads to it.
import type { EdgeDocument } from '../document.ts'
import { type Check, report } from './context.ts'
import { wallBetween } from './edges.ts'

export interface SoundEdge extends EdgeDocument {
  index: number
}

export interface Links {
  /** Edges between different nodes of one body, by where they come from. */
  outbound: ReadonlyMap<string, readonly SoundEdge[]>
  inbound: ReadonlyMap<string, readonly SoundEdge[]>
  /** Nodes that lie on no cycle and behind none, each after what leads to it and after its container. */
  ordered: readonly string[]
}

export function readLinks(check: Check): Links {
  const outbound = new Map<string, SoundEdge[]>()
  const inbound = new Map<string, SoundEdge[]>()
  for (const [index, edge] of check.document.edges.entries()) {
    const exists = check.nodes.has(edge.from) && check.nodes.has(edge.to)
    if (!exists || edge.from === edge.to || wallBetween(check, edge.from, edge.to)) continue
    addTo(outbound, edge.from, { ...edge, index })
    addTo(inbound, edge.to, { ...edge, index })
  }
  return { outbound, inbound, ordered: order(check, outbound, inbound) }
}

function addTo<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

type Edges = ReadonlyMap<string, readonly SoundEdge[]>

function order(check: Check, outbound: Edges, inbound: Edges): string[] {
  const { children, open } = countOpen(check, inbound)
  const ordered = [...open].filter(([, count]) => count === 0).map(([id]) => id)
  for (let at = 0; at < ordered.length; at++) {
    const id = ordered[at] as string
    const next = [...(outbound.get(id) ?? []).map(({ to }) => to), ...(children.get(id) ?? [])]
    for (const other of next) {
      const left = (open.get(other) ?? 0) - 1
      open.set(other, left)
      if (left === 0) ordered.push(other)
    }
  }
  return ordered
}

/** How many edges and containers each node waits for; and what containers hold. */
function countOpen(check: Check, inbound: Edges) {
  const children = new Map<string, string[]>()
  const open = new Map<string, number>()
  for (const { node } of check.nodes.values()) {
    const isInside = node.parent !== undefined && check.nodes.has(node.parent)
    if (isInside) addTo(children, node.parent as string, node.id)
    open.set(node.id, (inbound.get(node.id)?.length ?? 0) + (isInside ? 1 : 0))
  }
  return { children, open }
}

/** One complaint per cycle that can be walked, each at the edge that closes it. */
export function checkCycles(check: Check, links: Links): void {
  const settled = new Set(links.ordered)
  for (const id of check.nodes.keys()) {
    if (settled.has(id)) continue
    const cycle = walkBack(links, id, settled)
    if (cycle.length > 0) reportCycle(check, links, fromFirst(check, cycle))
  }
}

/** Follows edges backwards until a node comes again; everything walked is settled then. */
function walkBack(links: Links, start: string, settled: Set<string>): string[] {
  const path: string[] = []
  const places = new Map<string, number>()
  let at: string | undefined = start
  while (at !== undefined && !settled.has(at) && !places.has(at)) {
    places.set(at, path.length)
    path.push(at)
    at = links.inbound.get(at)?.find(({ from }) => !settled.has(from))?.from
  }
  for (const id of path) settled.add(id)
  const from = at === undefined ? undefined : places.get(at)
  return from === undefined ? [] : path.slice(from).reverse()
}

/** The same cycle, beginning with the node that comes first in the document. */
function fromFirst(check: Check, cycle: readonly string[]): string[] {
  const places = cycle.map((id) => check.nodes.get(id)?.index ?? 0)
  const first = places.indexOf(Math.min(...places))
  return [...cycle.slice(first), ...cycle.slice(0, first)]
}

function reportCycle(check: Check, links: Links, cycle: readonly string[]): void {
  const [first = ''] = cycle
  const closing = links.inbound.get(first)?.find(({ from }) => from === cycle.at(-1))
  const shown = cycle.length > 8 ? [...cycle.slice(0, 4), '…', ...cycle.slice(-3)] : cycle
  report(check, {
    code: 'cycle',
    message: `${[...shown, first].join(' → ')}: nothing may follow itself; repeat with a loop`,
    pointer: closing ? `/edges/${closing.index}` : '/edges',
    node: first,
  })
}
