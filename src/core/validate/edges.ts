// Ids and edges: everything named exists once, and edges stay inside their body.
import type { EdgeDocument } from '../document.ts'
import { type Check, pointerPart, report } from './context.ts'

export function checkIds(check: Check): void {
  for (const [index, { id }] of check.document.nodes.entries()) {
    const first = check.nodes.get(id)
    if (!first || first.index === index) continue
    const message = `Two nodes are called ${id}; the other is number ${first.index + 1}`
    report(check, { code: 'duplicate-id', message, pointer: `/nodes/${index}/id`, node: id })
  }
}

export function checkEdges(check: Check): void {
  const seen = new Map<string, number>()
  for (const [index, edge] of check.document.edges.entries()) {
    const pointer = `/edges/${index}`
    if (!endsExist(check, edge, pointer)) continue
    if (edge.from === edge.to) {
      report(check, { code: 'self-edge', message: `${edge.from} leads to itself`, pointer, node: edge.from })
      continue
    }
    const name = `${edge.from}:${edge.port ?? 'out'}>${edge.to}`
    const earlier = seen.get(name)
    if (earlier === undefined) seen.set(name, index)
    else {
      const message = `${edge.from} leads to ${edge.to} twice by the same port`
      report(check, { code: 'duplicate-edge', message, pointer, node: edge.from })
    }
    checkWalls(check, edge, pointer)
  }
}

function endsExist(check: Check, edge: EdgeDocument, pointer: string): boolean {
  let exist = true
  for (const end of ['from', 'to'] as const) {
    if (check.nodes.has(edge[end])) continue
    exist = false
    report(check, {
      code: 'unknown-node',
      message: `There is no node ${edge[end]}`,
      pointer: `${pointer}/${end}`,
    })
  }
  return exist
}

function checkWalls(check: Check, { from, to }: EdgeDocument, pointer: string): void {
  const message = wallBetween(check, from, to)
  if (message) report(check, { code: 'crossing-edge', message, pointer, node: from })
}

/** What stands between two nodes, in words; undefined when they are in the same body. */
export function wallBetween(check: Check, from: string, to: string): string | undefined {
  const one = check.nodes.get(from)?.node
  const other = check.nodes.get(to)?.node
  if (!one || !other) return undefined
  if (one.parent !== other.parent)
    return `The edge leaves or enters a container: ${placeOf(one)}, ${placeOf(other)}`
  if (one.branch === other.branch) return undefined
  return `${from} and ${to} are in different branches of ${one.parent}`
}

const placeOf = ({ id, parent }: { id: string; parent?: string }) =>
  parent === undefined ? `${id} is outside` : `${id} is in ${parent}`

export function checkLayout(check: Check): void {
  for (const id of Object.keys(check.document.layout ?? {})) {
    if (check.nodes.has(id)) continue
    const message = `The layout places ${id}, but there is no such node`
    report(check, { code: 'unknown-node', message, pointer: `/layout/${pointerPart(id)}` })
  }
}
