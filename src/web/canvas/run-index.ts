// Node runs of an execution, found by node and by the scope that is looked at.
import { isInside, itemId, keyOf, ownerOf, runId, scopeOf } from '../../core/run-id.ts'
import { isFailure, type RunStatus, type ShownWaitKind } from '../../core/statuses.ts'

/** One attempt of a run, as the canvas needs it; a `NodeRun` of the API is one. */
export interface CanvasRun {
  /** E.g. `restart[host-3]`. */
  id: string
  node: string
  attempt: number
  status: RunStatus
  manual?: { act: string; by?: string } | undefined
  output?: unknown
  /** What it waits for, and with `time` until when. */
  wait?: { for: ShownWaitKind; until?: string | undefined; noWorker?: boolean | undefined } | undefined
  startedAt?: string | undefined
  endedAt?: string | undefined
}

export interface RunIndex {
  byId: ReadonlyMap<string, CanvasRun>
  /** Items by owner, in order of first appearance: keys of bound records and of iterations. */
  items: ReadonlyMap<string, readonly string[]>
  /** Runs in which, in a record or further within, a risk is to be confirmed. */
  risky: ReadonlySet<string>
}

export function indexRuns(runs: Iterable<CanvasRun>): RunIndex {
  const byId = new Map<string, CanvasRun>()
  const items = new Map<string, Set<string>>()
  for (const run of runs) {
    const known = byId.get(run.id)
    if (!known || known.attempt <= run.attempt) byId.set(run.id, run)
    noteItems(run.id, items)
  }
  return {
    byId,
    items: new Map([...items].map(([owner, keys]) => [owner, [...keys]])),
    risky: riskyAround(byId.values()),
  }
}

/** Around the newest attempts of runs: see `RunIndex.risky`. */
export function riskyAround(last: Iterable<Pick<CanvasRun, 'id' | 'status'>>): ReadonlySet<string> {
  const risky = new Set<string>()
  for (const run of last) if (run.status === 'risky') noteAround(run.id, risky)
  return risky
}

/** `g/a[1]/b[2]` lies in `g/a[1]/b`, in `g/a` and in `g`. */
function noteAround(id: string, around: Set<string>): void {
  for (let at = id; at !== ''; at = scopeOf(at)) around.add(ownerOf(at) ?? at)
}

/** `a[1]/b[2]` tells of item 1 of `a` and of item 2 of `a[1]/b`. */
function noteItems(id: string, items: Map<string, Set<string>>): void {
  for (let at = id; at !== ''; at = scopeOf(at)) {
    const owner = ownerOf(at)
    if (owner === undefined) continue
    const keys = items.get(owner) ?? new Set()
    keys.add(keyOf(at) ?? '')
    items.set(owner, keys)
  }
}

/** Which item of each container is looked at, by run id of the container. */
export type Pages = Readonly<Record<string, string>>

/** The scope shown inside a container: the chosen item, else one that needs attention, else the last. */
export function shownScope(index: RunIndex, containerRun: string, pages: Pages): string | undefined {
  const keys = index.items.get(containerRun)
  if (!keys || keys.length === 0) return undefined
  const chosen = pages[containerRun]
  if (chosen !== undefined && keys.includes(chosen)) return itemId(containerRun, chosen)
  const needing = keys.find((key) => needsAttention(index, itemId(containerRun, key)))
  return itemId(containerRun, needing ?? keys[keys.length - 1] ?? '')
}

function needsAttention(index: RunIndex, scope: string): boolean {
  for (const run of index.byId.values()) {
    const needs = isFailure(run.status) || run.status === 'risky'
    if (needs && isInside(run.id, scope)) return true
  }
  return false
}

export const runOfNode = (scope: string | undefined, node: string): string | undefined =>
  scope === undefined ? undefined : runId(scope, node)
