// Every record that any path touches, from the target on, and how they hang together: what the preview draws.
import { type CollectionSchemas, findCollection, type RelationSide, type Title } from '../core/collections.ts'
import type { Path } from '../core/path/ast.ts'
import { parsePath } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { type Branch, growTree } from './association-tree.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { admitted, fittingPath } from './compile-path.ts'
import { requireVisible } from './evaluate-path.ts'
import type { RecordRef } from './locks.ts'
import type { RowPermissions } from './permissions.ts'
import { linkOf, relationColumn, tableOf } from './sql/names.ts'
import { openParams } from './sql/params.ts'

export interface GraphNode {
  /** `collection:id`, unique in the graph. */
  key: string
  collection: string
  id: string
  label: string
  /** Ids of the workflow's nodes whose path ends at this record, in the order given. */
  boundBy: string[]
}

export interface GraphEdge {
  from: string
  to: string
  /** Its name as seen from `from`. */
  relation: string
}

export interface AssociationGraph {
  /** Key of the target; absent when it is gone or may not be seen. */
  root?: string
  /** The target comes first. */
  nodes: GraphNode[]
  edges: GraphEdge[]
  /** Of all nodes. */
  collections: Array<{ key: string; title: Title }>
  /** There was more than can be drawn. */
  truncated: boolean
}

export interface GraphRequest {
  target: RecordRef
  /** Paths that do not fit are for the caller to report; give only those that do. */
  paths: ReadonlyArray<{ node: string; path: string | Path }>
  permissions: RowPermissions
  /** Default 2,000 connections per step of a path. */
  limit?: number
}

/** One statement per different beginning of a path, however many records. Throws as `evaluatePath`. */
export async function associationGraph(db: Db, request: GraphRequest): Promise<AssociationGraph> {
  const { target, permissions, limit = 2000 } = request
  const schemas = await loadCollectionSchemas(db)
  const root = await requireVisible(db, { from: target.collection, id: target.id, permissions })
  const graph = openGraph()
  graph.add(target.collection, root)
  const paths = request.paths.map(({ node, path }) => ({
    node,
    path: typeof path === 'string' ? parsePath(path) : path,
  }))
  for (const { path } of paths) fittingPath(path, target.collection, schemas)
  const walk = { db, schemas, permissions, limit, graph }
  for (const branch of growTree(paths, target.collection, schemas)) {
    const ids = branch.filter ? await keepFitting(walk, target, branch) : [target.id]
    await visit(walk, { branch, collection: target.collection, ids })
  }
  const order = new Map(paths.map(({ node }, index) => [node, index]))
  const drawn = graph.result((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  return { ...drawn, root: keyOf(target), collections: titlesOf(drawn.nodes, schemas) }
}

export const keyOf = (record: RecordRef): string => `${record.collection}:${record.id}`

export function titlesOf(
  nodes: readonly GraphNode[],
  schemas: CollectionSchemas,
): AssociationGraph['collections'] {
  const keys = new Set(nodes.map(({ collection }) => collection))
  return [...keys].map((key) => ({ key, title: findCollection(schemas, key)?.title ?? key }))
}

interface Walk {
  db: Db
  schemas: CollectionSchemas
  permissions: RowPermissions
  limit: number
  graph: ReturnType<typeof openGraph>
}

async function keepFitting(walk: Walk, target: RecordRef, { filter }: Branch): Promise<string[]> {
  const params = openParams()
  const collection = requireCollection(walk.schemas, target.collection)
  const condition = admitted(walk.permissions, filter, { collection, alias: 't', params })
  const rows = await walk.db.query<{ id: string }>(
    `select t.id from ${tableOf(target.collection)} t
     where t.id = ${params.add(target.id, 'text')} and ${condition}`,
    params.values,
  )
  return rows.map(({ id }) => id)
}

interface Visit {
  branch: Branch
  collection: string
  ids: string[]
}

async function visit(walk: Walk, { branch, collection, ids }: Visit): Promise<void> {
  if (ids.length === 0) return
  for (const id of ids) walk.graph.bind(collection, id, branch.nodes)
  for (const next of branch.next) {
    const rows = await follow(walk, { branch: next, collection, ids })
    if (rows.length > walk.limit) walk.graph.truncate()
    const kept = rows.slice(0, walk.limit)
    const { relation } = next
    for (const { parent, id, label } of kept) {
      walk.graph.add(relation.to, { id, label })
      walk.graph.connect({ collection, id: parent }, relation, { collection: relation.to, id })
    }
    const reached = [...new Set(kept.map(({ id }) => id))]
    await visit(walk, { branch: next, collection: relation.to, ids: reached })
  }
}

interface Connection {
  parent: string
  id: string
  label: string
}

async function follow(
  { db, schemas, permissions, limit }: Walk,
  { branch, collection, ids }: Omit<Visit, 'branch'> & { branch: Branch & { relation: RelationSide } },
): Promise<Connection[]> {
  const { relation, filter } = branch
  const params = openParams()
  const target = { collection: requireCollection(schemas, relation.to), alias: 't', params }
  const parents = params.add(ids, 'text[]')
  const text = `select p.id as parent, t.id, t.label
    from ${tableOf(collection)} p ${joinSql(collection, relation)}
    where p.id = any (${parents}) and ${admitted(permissions, filter, target)}
    order by t.label, t.id, p.id limit ${params.add(limit + 1, 'bigint')}`
  return db.query<Connection>(text, params.values)
}

function joinSql(collection: string, relation: RelationSide): string {
  const other = `join ${tableOf(relation.to)} t on`
  switch (relation.kind) {
    case 'many-to-one':
      return `${other} t.id = p.${relationColumn(relation.name)}`
    case 'one-to-many':
      return `${other} t.${relationColumn(relation.inverse)} = p.id`
    case 'many-to-many': {
      const { table, here, there } = linkOf(collection, relation)
      return `join ${table} l on l.${here} = p.id ${other} t.id = l.${there}`
    }
  }
}

function openGraph() {
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  let truncated = false
  return {
    add(collection: string, { id, label }: { id: string; label: string }) {
      const key = keyOf({ collection, id })
      if (!nodes.has(key)) nodes.set(key, { key, collection, id, label, boundBy: [] })
    },
    bind(collection: string, id: string, by: readonly string[]) {
      const bound = nodes.get(keyOf({ collection, id }))?.boundBy
      for (const node of by) if (!bound?.includes(node)) bound?.push(node)
    },
    /** The same connection walked from its other end is drawn once. */
    connect(from: RecordRef, { name, inverse }: RelationSide, to: RecordRef) {
      const there = `${keyOf(from)} ${name} ${keyOf(to)}`
      const back = `${keyOf(to)} ${inverse} ${keyOf(from)}`
      if (!edges.has(back)) edges.set(there, { from: keyOf(from), to: keyOf(to), relation: name })
    },
    truncate() {
      truncated = true
    },
    result(byOrder: (a: string, b: string) => number) {
      for (const node of nodes.values()) node.boundBy.sort(byOrder)
      return { nodes: [...nodes.values()], edges: [...edges.values()], truncated }
    },
  }
}
