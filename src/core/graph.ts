// A document compiled for the engine: who follows whom, who contains whom, which policy holds.
import {
  type Bind,
  durationMs,
  type NodeDocument,
  type OnError,
  type Policy,
  type WorkflowDocument,
} from './document.ts'
import { runOnOf } from './run-on.ts'

/** What the core must know of a node type; comes from the registry. */
export interface TypeFacts {
  inline: boolean
  container?: 'loop' | 'parallel' | 'group'
}

export interface Graph {
  nodes: ReadonlyMap<string, GraphNode>
  /** Entry nodes by body: `''` for the root, `id` for a container, `id/branch` for a branch. */
  entries: ReadonlyMap<string, readonly GraphNode[]>
}

export interface GraphNode {
  id: string
  type: string
  inline: boolean
  container?: 'loop' | 'parallel' | 'group'
  parent?: string
  branch?: string
  bind?: Bind
  join: 'all' | 'any'
  policy: GraphPolicy
  inbound: { from: string; port: string }[]
  outbound: { to: string; port: string }[]
  /** Of containers. */
  mode: 'all' | 'any' | 'race' | 'settled'
  onItemFailure: 'stop' | 'break' | 'continue'
  concurrency: number
  branches: string[]
}

export interface GraphPolicy {
  timeoutMs?: number
  retries: number
  delayMs: number
  factor: number
  maxDelayMs: number
  retryOn: readonly string[]
  onError: OnError
  allowSkip: boolean
  /** The tag a process needs to run its effect. */
  runOn?: string
}

const defaultBindConcurrency = 10

export function compileGraph(
  document: WorkflowDocument,
  factsOf: (type: string) => TypeFacts | undefined,
): Graph {
  const nodes = new Map<string, GraphNode>()
  const documents = new Map(document.nodes.map((node) => [node.id, node]))
  for (const node of document.nodes) {
    const compiled = compileNode(node, factsOf(node.type))
    const runOn = runOnOf(node, documents, document.settings)
    if (runOn !== undefined) compiled.policy.runOn = runOn
    nodes.set(node.id, compiled)
  }
  for (const edge of document.edges) {
    const port = edge.port ?? 'out'
    nodes.get(edge.from)?.outbound.push({ to: edge.to, port })
    nodes.get(edge.to)?.inbound.push({ from: edge.from, port })
  }
  const onFailure = document.settings?.onFailure ?? (document.target ? 'hold' : 'fail')
  const policies = new Map(document.nodes.map((node) => [node.id, node.policy]))
  for (const node of nodes.values()) {
    node.policy.onError =
      policies.get(node.id)?.onError ?? inheritedOnError(node, nodes, policies) ?? onFailure
  }
  return { nodes, entries: findEntries(nodes) }
}

function compileNode(node: NodeDocument, facts: TypeFacts | undefined): GraphNode {
  const config = node.config ?? {}
  const branches = Array.isArray(config.branches) ? config.branches : []
  return {
    id: node.id,
    type: node.type,
    inline: facts?.inline ?? false,
    ...(facts?.container ? { container: facts.container } : {}),
    ...(node.parent ? { parent: node.parent } : {}),
    ...(node.branch ? { branch: node.branch } : {}),
    ...(node.bind ? { bind: node.bind } : {}),
    join: node.join ?? 'all',
    policy: compilePolicy(node),
    inbound: [],
    outbound: [],
    mode: (config.mode as GraphNode['mode']) ?? 'all',
    onItemFailure: (config.onItemFailure as GraphNode['onItemFailure']) ?? 'stop',
    concurrency: concurrencyOf(config.concurrency, facts?.container),
    branches: branches.map((branch: { name?: unknown }) => String(branch?.name ?? branch)),
  }
}

function concurrencyOf(value: unknown, container: TypeFacts['container']): number {
  if (typeof value === 'number' && value >= 1) return Math.floor(value)
  return container === 'parallel' ? Number.POSITIVE_INFINITY : 1
}

function compilePolicy(node: NodeDocument): GraphPolicy {
  const { retry, timeout, onError, allowSkip } = node.policy ?? {}
  return {
    ...(timeout === undefined ? {} : { timeoutMs: durationMs(timeout) }),
    retries: retry?.attempts ?? 0,
    delayMs: durationMs(retry?.delay ?? '1s'),
    factor: retry?.factor ?? 2,
    maxDelayMs: durationMs(retry?.max ?? '5m'),
    retryOn: retry?.on ?? ['error', 'timed-out'],
    onError: onError ?? 'fail',
    allowSkip: allowSkip ?? true,
  }
}

/**
 * A node without `onError` of its own follows the workflow (`hold` or `fail`), unless its container says what
 * to do with failures: then they go there (ADR 0004).
 */
function inheritedOnError(
  node: GraphNode,
  nodes: ReadonlyMap<string, GraphNode>,
  policies: ReadonlyMap<string, Policy | undefined>,
): OnError | undefined {
  const seen = new Set<string>()
  for (let parent = node.parent; parent !== undefined; parent = nodes.get(parent)?.parent) {
    // Drafts may be broken: a container may contain itself.
    if (seen.has(parent)) return undefined
    seen.add(parent)
    const container = nodes.get(parent)
    if (container && handlesFailures(container, policies.get(parent))) return 'fail'
  }
  return undefined
}

function handlesFailures(container: GraphNode, policy: Policy | undefined): boolean {
  if (policy?.onError || policy?.retry) return true
  if (container.container === 'parallel') return container.mode !== 'all'
  return container.container === 'loop' && container.onItemFailure !== 'stop'
}

/** Key of the body a node belongs to, or that a scope of a container runs. */
export function bodyKey(container: string | undefined, branch?: string): string {
  if (container === undefined) return ''
  return branch === undefined ? container : `${container}/${branch}`
}

function findEntries(nodes: ReadonlyMap<string, GraphNode>): Map<string, GraphNode[]> {
  const entries = new Map<string, GraphNode[]>()
  for (const node of nodes.values()) {
    if (node.inbound.length > 0) continue
    const key = bodyKey(node.parent, node.branch)
    const list = entries.get(key)
    if (list) list.push(node)
    else entries.set(key, [node])
  }
  return entries
}

/** Most items of a run that may be under way at once. */
export function concurrencyOfRun(node: GraphNode, isBound: boolean): number {
  return isBound ? (node.bind?.concurrency ?? defaultBindConcurrency) : node.concurrency
}
