// Which nodes belong to which records, both ways: what one graph highlights when the other is pointed at. Pure.
import type { AssociationGraph } from '../../api/contract/associations.ts'

type Graph = Pick<AssociationGraph, 'nodes'>

/** Keys of the records bound to a node of the workflow. */
export function recordsOfNode(graph: Graph, node: string | undefined): ReadonlySet<string> {
  if (node === undefined) return new Set()
  return new Set(graph.nodes.filter(({ boundBy }) => boundBy.includes(node)).map(({ key }) => key))
}

/** Ids of the nodes bound to any of these records. */
export function nodesOfRecords(graph: Graph, records: readonly string[] | undefined): ReadonlySet<string> {
  if (!records || records.length === 0) return new Set()
  const wanted = new Set(records)
  return new Set(graph.nodes.filter(({ key }) => wanted.has(key)).flatMap(({ boundBy }) => boundBy))
}
