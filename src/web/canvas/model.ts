// Structure + node runs → what is drawn. The same model serves the preview (no runs) and the execution.
import { type ExecutionStatus, isEnded } from '../../core/statuses.ts'
import type { ShownStatus } from '../ui/status-legend.ts'
import { type EdgeState, edgeStates } from './edge-states.ts'
import { type Progress, progressOf } from './progress.ts'
import { type CanvasRun, indexRuns, type Pages, type RunIndex, runOfNode, shownScope } from './run-index.ts'
import { boundTo, type StatusOf, statusAmong } from './run-status.ts'
import type { DrawnEdge, DrawnNode, Structure } from './structure.ts'

export interface ExecutionView {
  status: ExecutionStatus
  runs: Iterable<CanvasRun>
  /** Nodes no taken branch leads to, as the server knows. */
  notReached: readonly string[]
  /** Number of records bound, by run id, or by node id when bound at the start. */
  bound: Readonly<Record<string, number>>
  pages: Pages
}

export interface ModelNode extends DrawnNode {
  status?: ShownStatus
  /** The run shown on the card; undefined before it starts. */
  run?: CanvasRun
  runId?: string
  progress?: Progress
  /** Of containers: the items to page through. */
  pager?: { keys: readonly string[]; current: string }
  /** Of bound nodes: how many records. */
  boundCount?: number
}

export interface ModelEdge extends DrawnEdge {
  state: EdgeState
  /** Colour of a taken edge. */
  status?: ShownStatus
}

export interface CanvasModel {
  nodes: ModelNode[]
  edges: ModelEdge[]
}

/** `counts`: records bound per node. */
export function previewModel(structure: Structure, counts: Readonly<Record<string, number>>): CanvasModel {
  const nodes = structure.nodes.map((node): ModelNode => {
    const boundCount = counts[node.id]
    return boundCount === undefined ? node : { ...node, boundCount }
  })
  return { nodes, edges: structure.edges.map((edge) => ({ ...edge, state: 'open' })) }
}

export function executionModel(structure: Structure, view: ExecutionView): CanvasModel {
  const index = indexRuns(view.runs)
  const scopes = scopesOfFrames(structure, index, view.pages)
  const runs = new Map<string, CanvasRun>()
  const nodes = structure.nodes.map((node): ModelNode => {
    const runId = runOfNode(scopes.get(node.parent ?? ''), node.id)
    const run = runId === undefined ? undefined : index.byId.get(runId)
    if (run) runs.set(node.id, run)
    return runId === undefined
      ? { ...node }
      : { ...node, runId, ...runFacts({ ...node, runId }, index, view) }
  })
  const statusOf = statusAmong({ risky: index.risky, bound: view.bound })
  const states = edgeStates(structure, {
    runs,
    ended: isEnded(view.status),
    notReached: new Set(view.notReached),
  })
  return {
    nodes: nodes.map((node) => withStatus(node, statusOf, states.unreached)),
    edges: colourEdges(structure, { runs, statusOf, states: states.edges }),
  }
}

/** The scope drawn inside each frame; `''` is the root. */
function scopesOfFrames(
  structure: Structure,
  index: RunIndex,
  pages: Pages,
): Map<string, string | undefined> {
  const scopes = new Map<string, string | undefined>([['', '']])
  for (const node of structure.nodes) {
    const outer = scopes.get(node.parent ?? '')
    if (node.kind === 'frame') {
      const run = runOfNode(outer, node.id)
      // A group's scope has the id of its run; a parallel passes it on to its branches.
      scopes.set(node.id, node.container !== 'loop' ? run : run && shownScope(index, run, pages))
    } else if (node.kind === 'branch') {
      scopes.set(node.id, outer === undefined ? undefined : `${outer}[${node.title}]`)
    }
  }
  return scopes
}

function runFacts(
  node: DrawnNode & { runId: string },
  index: RunIndex,
  view: ExecutionView,
): Partial<ModelNode> {
  if (node.kind === 'branch') return {}
  const { runId } = node
  const run = index.byId.get(runId)
  const boundCount = boundTo(view.bound, runId)
  const progress = node.bound || node.container === 'loop' ? progressOf(index, runId, boundCount) : undefined
  const keys = node.container === 'loop' ? (index.items.get(runId) ?? []) : []
  const current = shownScope(index, runId, view.pages)?.slice(runId.length + 1, -1)
  return {
    ...(run ? { run } : {}),
    ...(boundCount === undefined ? {} : { boundCount }),
    ...(progress ? { progress } : {}),
    ...(keys.length > 0 && current !== undefined ? { pager: { keys, current } } : {}),
  }
}

function withStatus(node: ModelNode, statusOf: StatusOf, unreached: ReadonlySet<string>): ModelNode {
  if (node.kind === 'branch') return node
  if (node.run) return { ...node, status: statusOf(node.run) }
  return { ...node, status: unreached.has(node.id) ? 'not-reached' : 'not-started' }
}

interface Drawn {
  runs: ReadonlyMap<string, CanvasRun>
  statusOf: StatusOf
  states: ReadonlyMap<string, EdgeState>
}

function colourEdges(structure: Structure, { runs, statusOf, states }: Drawn): ModelEdge[] {
  return structure.edges.map((edge) => {
    const state = states.get(edge.id) ?? 'open'
    const run = runs.get(edge.to) ?? runs.get(edge.from)
    return state === 'taken' && run ? { ...edge, state, status: statusOf(run) } : { ...edge, state }
  })
}
