// What a document is checked against: the node types, collections and workflows of this installation.
import type { CheckDocument } from './api/documents.ts'
import type { NodeTypeFacts, WorkflowFacts } from './core/validate/context.ts'
import { callsOf } from './core/validate/recursion.ts'
import { validateDocument } from './core/validate/validate-document.ts'
import { loadCollectionSchemas } from './objects/collection-schemas.ts'
import type { NodeType } from './sdk/node-type.ts'
import type { Db } from './store/db.ts'
import { findDocuments } from './store/versions.ts'
import { listWorkflows } from './store/workflows-list.ts'

const mostWorkflows = 10_000

export function checkDocuments(db: Db, nodeTypes: ReadonlyMap<string, NodeType>): CheckDocument {
  return async () => {
    const collections = await loadCollectionSchemas(db)
    const workflows = await readWorkflows(db, nodeTypes)
    return (document) => validateDocument(document, { nodeTypes, collections, workflows }).problems
  }
}

async function readWorkflows(
  db: Db,
  nodeTypes: ReadonlyMap<string, NodeTypeFacts>,
): Promise<Map<string, WorkflowFacts>> {
  const { items } = await listWorkflows(db, { visible: 'all', limit: mostWorkflows })
  const versions = items.flatMap(({ key, published }) =>
    published === null ? [] : [{ workflow: key, version: published }],
  )
  const documents = new Map(
    (await findDocuments(db, versions)).map(({ workflow, document }) => [workflow, document]),
  )
  return new Map(
    items.map(({ key, kind, published }) => {
      const document = documents.get(key)
      const calls = document ? callsOf(document, nodeTypes) : []
      return [key, { kind, calls, ...(published === null ? {} : { published }) }]
    }),
  )
}
