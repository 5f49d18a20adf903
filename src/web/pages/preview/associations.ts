// The association graph as a tree from the target: every record once, where it is met first. Pure.
import type { AssociationGraph } from '../../../api/contract/associations.ts'

export type AssociatedRecord = AssociationGraph['nodes'][number]

export interface TreeRow {
  record: AssociatedRecord
  depth: number
  /** Name of the relation that led here. */
  relation?: string
}

export function treeRows(graph: AssociationGraph, root: string | undefined): TreeRow[] {
  const records = new Map(graph.nodes.map((record) => [record.key, record]))
  const below = Map.groupBy(graph.edges, (edge) => edge.from)
  const rows: TreeRow[] = []
  const visit = (key: string, depth: number, relation?: string): void => {
    const record = records.get(key)
    if (!record) return
    records.delete(key)
    rows.push({ record, depth, ...(relation === undefined ? {} : { relation }) })
    for (const edge of below.get(key) ?? []) visit(edge.to, depth + 1, edge.relation)
  }
  if (root !== undefined) visit(root, 0)
  for (const key of [...records.keys()]) visit(key, 0)
  return rows
}
