// Versions compiled once and kept: the graph, and per node what its config reads.
import type { NodeDocument, WorkflowDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import { configReferences } from '../core/expression/check.ts'
import { compileGraph, type Graph } from '../core/graph.ts'
import type { JsonObject } from '../core/json.ts'
import { checkDocument } from '../core/validate/validate-document.ts'
import type { NodeType } from '../sdk/node-type.ts'
import type { Db } from '../store/db.ts'
import { findVersion } from '../store/versions.ts'
import { findWorkflows, type WorkflowRow } from '../store/workflows.ts'
import { together } from './together.ts'

export interface CompiledVersion {
  workflow: string
  version: number
  document: WorkflowDocument
  graph: Graph
  nodes: ReadonlyMap<string, CompiledNode>
  /** Nodes whose records are found before the first one runs. */
  boundAtStart: readonly NodeDocument[]
}

export interface CompiledNode {
  document: NodeDocument
  type: NodeType | undefined
  config: JsonObject
  /** Ids of nodes whose results the config reads. */
  reads: readonly string[]
  /** Names of the variables the config reads. */
  roots: ReadonlySet<string>
}

export function compileVersion(
  document: WorkflowDocument,
  version: number,
  types: ReadonlyMap<string, NodeType>,
): CompiledVersion {
  const graph = compileGraph(document, (name) => {
    const type = types.get(name)
    return type && { inline: isInline(type), ...(type.container ? { container: type.container } : {}) }
  })
  const nodes = new Map(document.nodes.map((node) => [node.id, compileNode(node, types.get(node.type))]))
  const boundAtStart = document.nodes.filter(({ bind }) => bind && (bind.mode ?? 'start') === 'start')
  return { workflow: document.key, version, document, graph, nodes, boundAtStart }
}

/** Run inside the turn: fast and without effects outside; those that only begin to wait belong here too. */
export function isInline(type: NodeType): boolean {
  return (
    type.inline === true || type.container !== undefined || (type.waits === true && type.effect === 'none')
  )
}

function compileNode(document: NodeDocument, type: NodeType | undefined): CompiledNode {
  const config = (document.config ?? {}) as JsonObject
  const references = type ? configReferences(type.config, config) : []
  const reads = references.flatMap(({ root, path }) => (root === 'nodes' && path[0] ? [path[0]] : []))
  return {
    document,
    type,
    config,
    reads: [...new Set(reads)],
    roots: new Set(references.map(({ root }) => root)),
  }
}

export interface Versions {
  get(workflow: string, version: number): CompiledVersion | Promise<CompiledVersion>
  /** The workflow as last seen; whoever relies on it has it confirmed by the insert, or asks again with `fresh`. */
  head(workflow: string, fresh?: boolean): WorkflowHead | Promise<WorkflowHead | undefined>
  /** For executions that were never published: benchmarks and tests. */
  put(version: CompiledVersion): void
}

export type WorkflowHead = Pick<WorkflowRow, 'key' | 'kind' | 'enabled' | 'published'>

const keptVersions = 500

/** Drafts change under the same number, so only published versions are kept. */
export function createVersions(db: Db, types: ReadonlyMap<string, NodeType>): Versions {
  const kept = new Map<string, CompiledVersion>()
  const keep = (key: string, version: CompiledVersion) => {
    if (kept.size >= keptVersions) kept.delete(kept.keys().next().value as string)
    kept.set(key, version)
  }
  const heads = new Map<string, WorkflowHead>()
  const read = together((keys: readonly string[]) => findWorkflows(db, keys))
  const compiled = onceEach(async ({ workflow, version }) => {
    const row = await findVersion(db, workflow, version)
    if (!row) throw new AppError('not-found', `Workflow ${workflow} has no version ${version}.`)
    if (row.state === 'draft') refuseBroken(row.document, types)
    const made = compileVersion(row.document, version, types)
    if (row.state !== 'draft') keep(keyOf(workflow, version), made)
    return made
  })
  async function readHead(workflow: string): Promise<WorkflowHead | undefined> {
    const row = await read(workflow)
    if (row) heads.set(workflow, row)
    else heads.delete(workflow)
    return row
  }
  return {
    head(workflow, fresh = false) {
      const known = heads.get(workflow)
      return known?.enabled && known.published !== null && !fresh ? known : readHead(workflow)
    },
    put: (version) => keep(keyOf(version.workflow, version.version), version),
    get: (workflow, version) => kept.get(keyOf(workflow, version)) ?? compiled({ workflow, version }),
  }
}

interface Wanted {
  workflow: string
  version: number
}

const keyOf = (workflow: string, version: number): string => `${workflow}@${version}`

/** What many ask for at once is read and compiled once. */
function onceEach<V>(read: (wanted: Wanted) => Promise<V>): (wanted: Wanted) => Promise<V> {
  return together((all: readonly Wanted[]) => {
    const asked = new Map<string, Promise<V>>()
    return Promise.all(
      all.map((wanted) => {
        const key = keyOf(wanted.workflow, wanted.version)
        const found = asked.get(key) ?? read(wanted)
        asked.set(key, found)
        return found
      }),
    )
  })
}

/** A draft may be saved broken, but not run. Throws `invalid-document` with every problem. */
function refuseBroken(document: WorkflowDocument, types: ReadonlyMap<string, NodeType>): void {
  const problems = checkDocument(document, { nodeTypes: types })
  const [first] = problems
  if (!first) return
  throw new AppError('invalid-document', `The draft cannot run: ${first.message}`, {
    pointer: first.pointer,
    problems,
  })
}
