// The association graph → the boxes and links that are drawn: large collections become one box each. Pure.
import type { AssociationGraph } from '../../api/contract/associations.ts'

export type AssociatedRecord = AssociationGraph['nodes'][number]

/** More boxes than this are too many to read and to move. */
export const mostRecords = 150

export interface RecordBox {
  kind: 'record'
  key: string
  record: AssociatedRecord
  isRoot: boolean
}

/** All records of one collection, but the target. */
export interface GroupBox {
  kind: 'group'
  key: string
  collection: string
  records: readonly AssociatedRecord[]
  isOpen: boolean
}

export type Box = RecordBox | GroupBox

export interface Link {
  id: string
  from: string
  to: string
  /** Names of the relations it stands for. */
  relations: readonly string[]
}

export interface Drawing {
  boxes: Box[]
  links: Link[]
  /** Same key, same places. */
  key: string
  /** The box each record is drawn in, by the record's key. */
  boxOf: ReadonlyMap<string, string>
}

export interface DrawOptions {
  /** Keys of the groups that show their records. */
  open: ReadonlySet<string>
  most?: number
}

export function drawAssociations(graph: AssociationGraph, options: DrawOptions): Drawing {
  const { open, most } = options
  const { root } = graph
  const grouped = groupedCollections(graph, most)
  const groups = new Map<string, GroupBox & { records: AssociatedRecord[] }>()
  const boxOf = new Map<string, string>()
  const boxes: Box[] = []
  for (const record of graph.nodes) {
    const { key, collection } = record
    if (key === root || !grouped.has(collection)) {
      boxes.push({ kind: 'record', key, record, isRoot: key === root })
      boxOf.set(key, key)
      continue
    }
    const group = groups.get(collection) ?? newGroup(collection, open)
    if (!groups.has(collection)) boxes.push(group)
    groups.set(collection, group)
    group.records.push(record)
    boxOf.set(key, group.key)
  }
  const links = drawLinks(graph.edges, boxOf)
  return { boxes, links, boxOf, key: keyOf(boxes, links) }
}

/** No record has such a key: ids hold no slash. */
export const groupKey = (collection: string): string => `group/${collection}`

function newGroup(collection: string, open: ReadonlySet<string>) {
  const key = groupKey(collection)
  return { kind: 'group' as const, key, collection, records: [], isOpen: open.has(key) }
}

/** The largest collections are folded first, until few enough boxes are left. */
function groupedCollections(
  { nodes: records, root }: AssociationGraph,
  most = mostRecords,
): ReadonlySet<string> {
  const sizes = new Map<string, number>()
  for (const { key, collection } of records)
    if (key !== root) sizes.set(collection, (sizes.get(collection) ?? 0) + 1)
  const grouped = new Set<string>()
  let left = records.length
  for (const [collection, size] of [...sizes].toSorted((a, b) => b[1] - a[1])) {
    if (left <= most || size < 2) break
    grouped.add(collection)
    left -= size - 1
  }
  return grouped
}

function drawLinks(edges: AssociationGraph['edges'], boxOf: ReadonlyMap<string, string>): Link[] {
  const links = new Map<string, Link & { relations: string[] }>()
  for (const edge of edges) {
    const from = boxOf.get(edge.from)
    const to = boxOf.get(edge.to)
    if (from === undefined || to === undefined || from === to) continue
    const id = `${from}→${to}`
    const link = links.get(id) ?? { id, from, to, relations: [] }
    links.set(id, link)
    if (!link.relations.includes(edge.relation)) link.relations.push(edge.relation)
  }
  return [...links.values()]
}

function keyOf(boxes: readonly Box[], links: readonly Link[]): string {
  const drawn = boxes.map((box) => (box.kind === 'group' && box.isOpen ? `${box.key}/open` : box.key))
  return `records:${JSON.stringify([drawn, links.map((link) => link.id)])}`
}
