// The association graph of an execution: what its paths reach now, and the records its nodes were really bound to.
import { findCollection } from '../core/collections.ts'
import type { WorkflowDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { Db } from '../store/db.ts'
import {
  type AssociationGraph,
  associationGraph,
  type GraphNode,
  keyOf,
  titlesOf,
} from './association-graph.ts'
import { copies, fittingPaths } from './bindings.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import type { RecordRef } from './locks.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { tableOf } from './sql/names.ts'
import { openParams } from './sql/params.ts'

/** The records a node of the workflow was bound to, as kept with the execution. */
export interface KeptBinding {
  node: string
  collection: string
  records: readonly string[]
  /** As they were then, in the same order. */
  labels: readonly string[]
}

export interface ExecutionGraphRequest {
  document: Pick<WorkflowDocument, 'nodes'>
  target: RecordRef | undefined
  bindings: readonly KeptBinding[]
  /** Of the person who looks. */
  permissions: RowPermissions
}

/** `boundBy` follows what was bound, not what the paths find by now: unchecked records are not bound. */
export async function executionAssociations(
  db: Db,
  request: ExecutionGraphRequest,
): Promise<AssociationGraph> {
  const schemas = await loadCollectionSchemas(db)
  const walked = await walk(db, request)
  const nodes = new Map(walked.nodes.map((node) => [node.key, { ...node, boundBy: [] as string[] }]))
  const bindings = withCopies(request)
  for (const node of await missingRecords(db, { ...request, bindings, known: nodes }))
    nodes.set(node.key, node)
  const order = new Map(request.document.nodes.map(({ id }, index) => [id, index]))
  for (const { node, collection, records } of bindings)
    for (const id of records) bindTo(nodes.get(keyOf({ collection, id })), node)
  for (const { boundBy } of nodes.values()) boundBy.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  const all = [...nodes.values()]
  return { ...walked, nodes: all, collections: titlesOf(all, schemas) }
}

function bindTo(node: GraphNode | undefined, by: string): void {
  if (node && !node.boundBy.includes(by)) node.boundBy.push(by)
}

const nothing: AssociationGraph = { nodes: [], edges: [], collections: [], truncated: false }

/** A target that is gone or may not be seen leaves the bound records alone. */
async function walk(db: Db, request: ExecutionGraphRequest): Promise<AssociationGraph> {
  const { document, target, permissions } = request
  if (!target) return nothing
  const schemas = await loadCollectionSchemas(db)
  if (!findCollection(schemas, target.collection)) return nothing
  const paths = fittingPaths(document, target.collection, schemas)
  try {
    return await associationGraph(db, { target, paths, permissions })
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return nothing
    throw error
  }
}

/** A node that shares the records of another has none of its own before it starts. */
function withCopies({ document, bindings }: ExecutionGraphRequest): KeptBinding[] {
  const shared = copies(document).flatMap(({ node, source }) =>
    bindings.some((binding) => binding.node === node)
      ? []
      : bindings.filter((binding) => binding.node === source).map((binding) => ({ ...binding, node })),
  )
  return [...bindings, ...shared]
}

type Missing = ExecutionGraphRequest & { known: ReadonlyMap<string, unknown> }

/** Bound records the paths do not lead to any more, as far as they may be seen. */
async function missingRecords(db: Db, { bindings, known, permissions }: Missing): Promise<GraphNode[]> {
  const wanted = new Map<string, Map<string, string>>()
  for (const { collection, records, labels } of bindings) {
    const labelled = wanted.get(collection) ?? new Map<string, string>()
    wanted.set(collection, labelled)
    for (const [index, id] of records.entries())
      if (!known.has(keyOf({ collection, id }))) labelled.set(id, labels[index] ?? id)
  }
  const found: GraphNode[] = []
  for (const [collection, labelled] of wanted) {
    if (labelled.size === 0) continue
    const visible = await visibleRecords(db, { collection, labelled, permissions })
    for (const [id, label] of visible)
      found.push({ key: keyOf({ collection, id }), collection, id, label, boundBy: [] })
  }
  return found
}

interface Wanted {
  collection: string
  /** Labels by id. */
  labelled: ReadonlyMap<string, string>
  permissions: RowPermissions
}

/** Of a record that was deleted nobody can say who may see it: only those who see the whole collection do. */
async function visibleRecords(
  db: Db,
  { collection, labelled, permissions }: Wanted,
): Promise<ReadonlyMap<string, string>> {
  if (permissions(collection) === 'all') return labelled
  const schemas = await loadCollectionSchemas(db)
  if (!findCollection(schemas, collection)) return new Map()
  const params = openParams()
  const target = { collection: requireCollection(schemas, collection), alias: 't', params }
  const rows = await db.query<{ id: string; label: string }>(
    `select t.id, t.label from ${tableOf(collection)} t
     where t.id = any (${params.add([...labelled.keys()], 'text[]')}) and ${permissionSql(permissions, target)}`,
    params.values,
  )
  return new Map(rows.map(({ id, label }) => [id, label]))
}
