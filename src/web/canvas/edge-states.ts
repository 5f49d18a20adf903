// Which edges were taken: by the decision of a node, or by who ran after it.
import { isSettled } from '../../core/statuses.ts'
import type { CanvasRun } from './run-index.ts'
import type { DrawnEdge, Structure } from './structure.ts'
import { takenPorts } from './taken-ports.ts'

export type EdgeState = 'open' | 'taken' | 'untaken'

export interface EdgeStates {
  edges: Map<string, EdgeState>
  /** Nodes that were never reached: no inbound edge was taken. */
  unreached: Set<string>
}

interface Known {
  /** The run shown for each node that has one. */
  runs: ReadonlyMap<string, CanvasRun>
  /** Nothing more will start. */
  ended: boolean
  notReached: ReadonlySet<string>
}

export function edgeStates(structure: Structure, known: Known): EdgeStates {
  const { runs, ended } = known
  const states: EdgeStates = { edges: new Map(), unreached: new Set(known.notReached) }
  const inbound = Map.groupBy(structure.edges, (edge) => edge.to)
  const outbound = Map.groupBy(structure.edges, (edge) => edge.from)
  const ports = new Map(structure.nodes.map((node) => [node.id, node.ports]))
  // Nodes are in running order: all that leads to a node is decided before it.
  for (const node of structure.nodes) {
    const edges = inbound.get(node.id) ?? []
    const settled = edges.every((edge) => isPast(edge.from, runs, states.unreached))
    for (const edge of edges) {
      const siblings = outbound.get(edge.from) ?? []
      states.edges.set(
        edge.id,
        stateOf(edge, { runs, unreached: states.unreached, siblings, settled, ended, ports }),
      )
    }
    const noneTaken = edges.length > 0 && edges.every((edge) => states.edges.get(edge.id) === 'untaken')
    if (!runs.has(node.id) && (noneTaken || (ended && node.kind !== 'branch'))) states.unreached.add(node.id)
  }
  return states
}

interface Facts {
  runs: ReadonlyMap<string, CanvasRun>
  unreached: ReadonlySet<string>
  siblings: readonly DrawnEdge[]
  /** All edges into the same node come from nodes that are past. */
  settled: boolean
  ended: boolean
  ports: ReadonlyMap<string, readonly string[]>
}

function stateOf(edge: DrawnEdge, facts: Facts): EdgeState {
  if (facts.unreached.has(edge.from)) return 'untaken'
  const source = facts.runs.get(edge.from)
  if (!source || !isSettled(source.status)) return facts.ended ? 'untaken' : 'open'
  if (source.status !== 'completed' && source.status !== 'skipped') return failedEdge(edge, facts)
  if (!edge.decided) return onlyEdge(facts)
  const taken = takenPorts(source.output, facts.ports.get(edge.from) ?? [])
  if (taken) return taken.includes(edge.port) ? 'taken' : 'untaken'
  return chosenEdge(edge, facts)
}

const onlyEdge = (facts: Facts): EdgeState => (facts.ended && !facts.settled ? 'untaken' : 'taken')

/** Where the output does not tell, the nodes that ran behind the ports do. */
function chosenEdge(edge: DrawnEdge, facts: Facts): EdgeState {
  const ran = (other: DrawnEdge): boolean => facts.runs.has(other.to)
  const otherPortRan = facts.siblings.some((other) => other.port !== edge.port && ran(other))
  if (ran(edge) && (!otherPortRan || facts.settled)) return 'taken'
  if (otherPortRan) return 'untaken'
  if (facts.siblings.some((other) => other.port === edge.port && ran(other))) return 'taken'
  return facts.settled || facts.ended ? 'untaken' : 'open'
}

/** A failed node leaves by its port `error`, or waits for an operator. */
function failedEdge(edge: DrawnEdge, facts: Facts): EdgeState {
  if (edge.port === 'error' && facts.runs.has(edge.to)) return 'taken'
  return facts.ended ? 'untaken' : 'open'
}

function isPast(node: string, runs: ReadonlyMap<string, CanvasRun>, unreached: ReadonlySet<string>): boolean {
  const run = runs.get(node)
  return unreached.has(node) || (run !== undefined && isSettled(run.status))
}
