// What a document is checked against: plain data, the same in the browser and on the server.
import type { CollectionSchemas } from '../collections.ts'
import type { NodeDocument, WorkflowDocument } from '../document.ts'
import type { Problem } from '../errors.ts'
import type { ProblemCode } from './problem-codes.ts'

/** What validation must know of a node type: part of what `GET /api/v1/node-types` serves. */
export interface NodeTypeFacts {
  /** JSON Schema of the config. `x-text` tells how texts are read, `x-refers` what a text names. */
  config: object
  ports?: PortFacts | undefined
  container?: 'loop' | 'parallel' | 'group' | undefined
  waits?: boolean | undefined
  inline?: boolean | undefined
  /** It can tell risks: the policy of a node may ask for them. */
  risks?: unknown
}

/** As in `sdk/node-type.ts`: fixed names, or one per element of the config array at `each`. */
export type PortFacts =
  | { fixed: readonly string[] }
  | { each: string; name: string; plus?: readonly string[] | undefined }

export interface WorkflowFacts {
  kind: 'main' | 'sub'
  /** Number of the published version. */
  published?: number | undefined
  /** Keys of the workflows it calls by fixed names. */
  calls: readonly string[]
}

export interface ValidateContext {
  nodeTypes: ReadonlyMap<string, NodeTypeFacts>
  /** Absent: paths and fields are only parsed. */
  collections?: CollectionSchemas | undefined
  /** Absent: names of workflows are not checked. */
  workflows?: ReadonlyMap<string, WorkflowFacts> | undefined
  /** The caller waits for the end, so no node may wait. */
  synchronous?: boolean | undefined
}

export interface LocatedNode {
  node: NodeDocument
  index: number
  /** `/nodes/3` */
  pointer: string
  /** Absent for an unknown type. */
  facts?: NodeTypeFacts
}

/** One validation under way: the document, its nodes by id, and what was found. */
export interface Check {
  document: WorkflowDocument
  context: ValidateContext
  /** The first node of each id. */
  nodes: ReadonlyMap<string, LocatedNode>
  problems: Problem[]
}

export interface Finding extends Problem {
  code: ProblemCode
}

/** More complaints than anybody reads; the rest is left out. */
export const maxProblems = 200

export function report(check: Pick<Check, 'problems'>, finding: Finding): void {
  if (check.problems.length < maxProblems) check.problems.push(finding)
}

export function openCheck(document: WorkflowDocument, context: ValidateContext): Check {
  const nodes = new Map<string, LocatedNode>()
  for (const [index, node] of document.nodes.entries()) {
    if (nodes.has(node.id)) continue
    const facts = context.nodeTypes.get(node.type)
    nodes.set(node.id, { node, index, pointer: `/nodes/${index}`, ...(facts ? { facts } : {}) })
  }
  return { document, context, nodes, problems: [] }
}

/** One part of a JSON pointer. */
export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Whether the text has holes, so that its value is known only when it runs. */
export const hasHoles = (text: string): boolean => text.includes('{{')
