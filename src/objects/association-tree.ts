// Paths that begin alike share their beginning, so that it is asked of the database once.
import {
  type CollectionSchemas,
  findCollection,
  findRelation,
  type RelationSide,
} from '../core/collections.ts'
import type { Filter, Path } from '../core/path/ast.ts'
import { printFilter, printStep } from '../core/path/print.ts'

export interface Branch {
  filter?: Filter
  /** Nodes of the workflow whose path ends here. */
  nodes: string[]
  next: Array<Branch & { relation: RelationSide }>
}

interface Growing extends Branch {
  byText: Map<string, Growing & { relation: RelationSide }>
}

/** One root for each different filter on the target itself. The paths must fit the schemas. */
export function growTree(
  paths: ReadonlyArray<{ node: string; path: Path }>,
  from: string,
  schemas: CollectionSchemas,
): Branch[] {
  const roots = new Map<string, Growing>()
  for (const { node, path } of paths) {
    const text = path.filter ? printFilter(path.filter) : ''
    const root = roots.get(text) ?? { ...sprout(path.filter) }
    roots.set(text, root)
    descend(root, { path, from, schemas }).nodes.push(node)
  }
  return [...roots.values()]
}

function sprout(filter: Filter | undefined): Growing {
  return { ...(filter ? { filter } : {}), nodes: [], next: [], byText: new Map() }
}

function descend(
  root: Growing,
  { path, from, schemas }: { path: Path; from: string; schemas: CollectionSchemas },
): Growing {
  let here = root
  let collection = findCollection(schemas, from)
  for (const step of path.steps) {
    const relation = collection && findRelation(collection, step.name)
    // A field at the end of a path is no further record.
    if (!relation) break
    const text = printStep(step)
    let next = here.byText.get(text)
    if (!next) {
      next = { ...sprout(step.filter), relation }
      here.byText.set(text, next)
      here.next.push(next)
    }
    here = next
    collection = findCollection(schemas, relation.to)
  }
  return here
}
