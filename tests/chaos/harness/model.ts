// What must come of a document: an interpreter of its own, which shares no line with the engine. It is told how each
// attempt of a leaf ended, judges that by the document, and derives everything else: which nodes run, how often, what
// containers say, how the execution ends and with what output.
import type { StubDocument, StubNode } from './document-shape.ts'
import { evaluateConfig } from './model-expression.ts'
import { runNode } from './model-nodes.ts'

/** One attempt of a node run as the engine recorded it. */
export interface Seen {
  status: string
  output: unknown
  error?: { kind?: string; code?: string } | null
  /** Of the execution, when this was written. */
  seq: number
  /** How often a process died, or was taken for dead, while it held this attempt. */
  crashes: number
  /** Those of the attempts it repeats included. */
  allCrashes: number
  /** What a person did to it. */
  manual?: string | null
}

export interface Observation {
  inputs: Record<string, unknown>
  status: string
  attention: boolean
  reason: string | null
  output: unknown
  /** By `run#attempt`. */
  runs: ReadonlyMap<string, Seen>
  /** How the child execution of this attempt ended. */
  child(run: string, attempt: number): { status: string; output: unknown } | undefined
}

export interface Verdict {
  problems: string[]
  /** How often each node completed. */
  completions: Map<string, number>
  end: string
}

/** Values that can be named: outputs of nodes of one scope and what its item brings along; then those around it. */
export interface Env {
  outputs: Map<string, unknown>
  items: Record<string, unknown>
  outer?: Env
}

export type Fate =
  | { is: 'settled'; ports: readonly string[] }
  | { is: 'failed'; kind: string }
  /** Waits for an operator, or holds something that does. */
  | { is: 'held' }
  /** Was stopped, or never began, because something around it was over. */
  | { is: 'cut' }
  | { is: 'dead' }
  | { is: 'blocked' }

export interface Model {
  document: StubDocument
  seen: Observation
  used: Set<string>
  problems: string[]
  completions: Map<string, number>
  /** Status an `end` node gave. */
  ended?: string
  published: unknown
  /** Some run waits for a child that is held itself. */
  waitsForChild: boolean
}

export interface Place {
  /** Id of the scope; `''` is the root. */
  id: string
  parent?: string
  branch?: string
  /** Runs begin at attempt `base + 1`. */
  base: number
  env: Env
}

export type ScopeFate = { is: 'ok' } | { is: 'failed'; kind: string } | { is: 'held' } | { is: 'cut' }

export function explain(document: StubDocument, seen: Observation): Verdict {
  const model: Model = {
    document,
    seen,
    used: new Set(),
    problems: [],
    completions: new Map(),
    published: null,
    waitsForChild: false,
  }
  const env: Env = { outputs: new Map(), items: { inputs: seen.inputs } }
  const root: ScopeFate =
    seen.status === 'queued' ? { is: 'held' } : runScope(model, { id: '', base: 0, env })
  const end = judgeEnd(model, root)
  for (const key of seen.runs.keys())
    if (!model.used.has(key)) model.problems.push(`${key} must not have run`)
  return { problems: model.problems, completions: model.completions, end }
}

function judgeEnd(model: Model, root: ScopeFate): string {
  const { seen, problems } = model
  const end = endOf(model, root)
  const isLive = ['queued', 'running', 'paused'].includes(seen.status)
  if (end === 'held') {
    const waits = seen.attention || seen.status === 'queued' || model.waitsForChild
    if (!isLive || !waits) problems.push(`must be held, is ${seen.status}`)
  } else if (end !== seen.status) problems.push(`must end ${end}, is ${seen.status}`)
  const output = JSON.stringify(seen.output ?? null)
  const isCut = root.is === 'cut' && seen.status === 'canceled'
  if (!isCut && output !== JSON.stringify(model.published ?? null)) {
    problems.push(`output must be ${JSON.stringify(model.published)}, is ${output}`)
  }
  return end
}

function endOf(model: Model, root: ScopeFate): string {
  const { seen, problems } = model
  if (model.ended !== undefined) {
    if (root.is === 'failed') problems.push('it both ended and failed')
    return model.ended
  }
  if (root.is === 'ok') return 'completed'
  if (root.is === 'failed') return root.kind === 'timed-out' ? 'error' : root.kind
  if (seen.status === 'canceled' && seen.reason === 'parent-canceled') return 'canceled'
  if (root.is === 'cut') problems.push('something was stopped, or did not start, and nothing accounts for it')
  return 'held'
}

/** All nodes of one body, each after those it follows. */
export function runScope(model: Model, place: Place): ScopeFate {
  const nodes = bodyOf(model.document, place)
  const fates = new Map<string, Fate>()
  for (const node of inOrder(model.document, nodes)) {
    const start = readiness(model.document, node, fates)
    fates.set(node.id, start === 'start' ? runNode(model, place, node) : { is: start })
  }
  return sumUp(model, place, [...fates.values()])
}

export function bodyOf(document: StubDocument, at: { parent?: string; branch?: string }): StubNode[] {
  return document.nodes.filter((node) => node.parent === at.parent && node.branch === at.branch)
}

function inOrder(document: StubDocument, nodes: readonly StubNode[]): StubNode[] {
  const done = new Set<string>()
  const ordered: StubNode[] = []
  const visit = (node: StubNode): void => {
    if (done.has(node.id)) return
    done.add(node.id)
    for (const { from, to } of document.edges) {
      const before = to === node.id ? nodes.find((other) => other.id === from) : undefined
      if (before) visit(before)
    }
    ordered.push(node)
  }
  for (const node of nodes) visit(node)
  return ordered
}

/** Starts when all edges are settled and one is taken, or at the first taken; dead when all are settled and none is. */
function readiness(
  document: StubDocument,
  node: StubNode,
  fates: ReadonlyMap<string, Fate>,
): 'start' | 'dead' | 'blocked' {
  const inbound = document.edges.filter(({ to }) => to === node.id)
  if (inbound.length === 0) return 'start'
  let taken = false
  let open = false
  for (const { from, port = 'out' } of inbound) {
    const fate = fates.get(from)
    if (fate?.is === 'settled') taken ||= fate.ports.includes(port)
    else if (fate?.is !== 'dead') open = true
  }
  if (taken && (!open || node.join === 'any')) return 'start'
  return open ? 'blocked' : 'dead'
}

function sumUp(model: Model, place: Place, fates: readonly Fate[]): ScopeFate {
  const failed = fates.filter((fate) => fate.is === 'failed')
  if (failed.length > 1) model.problems.push(`${failed.length} nodes of scope '${place.id}' failed it`)
  if (failed[0]) return failed[0]
  if (fates.every(({ is }) => is === 'settled' || is === 'dead')) return { is: 'ok' }
  if (fates.some(({ is }) => is === 'cut')) return { is: 'cut' }
  return fates.some(({ is }) => is === 'held') ? { is: 'held' } : { is: 'cut' }
}

/** The recorded attempt; it counts as accounted for. */
export function take(model: Model, run: string, attempt: number): Seen | undefined {
  const key = `${run}#${attempt}`
  const seen = model.seen.runs.get(key)
  if (seen) model.used.add(key)
  return seen
}

export function complete(model: Model, node: StubNode): void {
  model.completions.set(node.id, (model.completions.get(node.id) ?? 0) + 1)
}

export function resolve(env: Env, value: unknown): unknown {
  return evaluateConfig(value, (path) => lookUp(env, path))
}

function lookUp(env: Env, path: readonly string[]): unknown {
  const [root = '', id = '', ...rest] = path
  for (let at: Env | undefined = env; at; at = at.outer) {
    if (root === 'nodes' && at.outputs.has(id)) return follow(at.outputs.get(id), rest.slice(1))
    if (root !== 'nodes' && root in at.items) return follow(at.items[root], path.slice(1))
  }
  return null
}

function follow(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, name) => (at as Record<string, unknown> | null | undefined)?.[name] ?? null, value)
}
