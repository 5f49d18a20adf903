// What a node can read: results of nodes that lie in a body around it and have settled before it starts.

import { containersAround } from './containers.ts'
import type { Check, LocatedNode } from './context.ts'
import type { Links } from './graph.ts'

export interface Order {
  /** Why the results of `other` cannot be read at `node`; undefined when they can. */
  obstacle(node: LocatedNode, other: string): Obstacle | undefined
  /** Whether `other` settles before `node` starts, wherever they are. */
  isBefore(other: string, node: string): boolean
}

export interface Obstacle {
  code: 'unknown-node' | 'not-visible' | 'not-before'
  message: string
}

export function readOrder(check: Check, links: Links): Order {
  let ancestors: Ancestors | undefined
  const isBefore = (other: string, node: string): boolean => {
    ancestors ??= findAncestors(check, links)
    return hasAncestor(ancestors, node, other)
  }
  return {
    isBefore,
    obstacle(node, other) {
      const located = check.nodes.get(other)
      if (!located) return { code: 'unknown-node', message: `There is no node ${other}` }
      const hidden = hiddenBehind(check, node, located)
      if (hidden) return { code: 'not-visible', message: hidden }
      if (isBefore(other, node.node.id)) return undefined
      const message = `${other} has not run when ${node.node.id} starts: no edges lead from it to here`
      return { code: 'not-before', message }
    },
  }
}

/** Results are read from the bodies around a node, not from inside other containers. */
function hiddenBehind(check: Check, node: LocatedNode, other: LocatedNode): string | undefined {
  const { id, parent, branch } = other.node
  if (parent === undefined) return undefined
  const around = [node, ...containersAround(check, node)]
  const here = around.find((each) => each.node.parent === parent)
  if (!here) return `${id} runs inside ${parent}: read what ${parent} gives, nodes.${parent}.output`
  if (here.node.branch === branch) return undefined
  return `${id} runs in another branch of ${parent}`
}

/** One row of bits per node: which nodes come before it. Absent for nodes on or behind a cycle. */
interface Ancestors {
  places: ReadonlyMap<string, number>
  rows: ReadonlyMap<string, Uint32Array>
}

function findAncestors(check: Check, links: Links): Ancestors {
  const places = new Map(links.ordered.map((id, place) => [id, place]))
  const rows = new Map<string, Uint32Array>()
  const words = Math.ceil(places.size / 32)
  for (const id of links.ordered) {
    const row = new Uint32Array(words)
    const parent = check.nodes.get(id)?.node.parent
    if (parent !== undefined) addAll(row, rows.get(parent))
    for (const { from } of links.inbound.get(id) ?? []) {
      const place = places.get(from)
      if (place === undefined) continue
      addAll(row, rows.get(from))
      row[place >> 5] = (row[place >> 5] ?? 0) | (1 << (place & 31))
    }
    rows.set(id, row)
  }
  return { places, rows }
}

function addAll(row: Uint32Array, other: Uint32Array | undefined): void {
  if (!other) return
  for (let word = 0; word < row.length; word++) row[word] = (row[word] ?? 0) | (other[word] ?? 0)
}

function hasAncestor({ places, rows }: Ancestors, node: string, other: string): boolean {
  const row = rows.get(node)
  const place = places.get(other)
  if (!row || place === undefined) return true
  return ((row[place >> 5] ?? 0) & (1 << (place & 31))) !== 0
}
