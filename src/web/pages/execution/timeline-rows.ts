// The rows of the timeline: node runs in the order of the graph, what is in containers and bound nodes below them. Pure.
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { itemId, runId } from '../../../core/run-id.ts'
import { indexRuns } from '../../canvas/run-index.ts'
import type { DrawnNode, Structure } from '../../canvas/structure.ts'

export interface Bar {
  attempt: NodeRun
  from: number
  /** Undefined: under way. */
  to: number | undefined
  /** What it did most of the time. */
  part: 'work' | 'wait'
}

export interface TimelineRow {
  /** Id of the run, of the scope or of the node that has not started. */
  id: string
  title: string
  /** Running number of the node; 0 for records, items and branches. */
  number: number
  depth: number
  /** Rows directly below; 0 when nothing is to be folded. */
  inside: number
  open: boolean
  attempts: readonly NodeRun[]
  /** Of items and branches, which have no run of their own: when they began and ended. */
  span?: { from: number; to: number | undefined }
}

interface Facts {
  structure: Structure
  /** Attempts by run id. */
  runs: ReadonlyMap<string, readonly NodeRun[]>
  labelOf: (run: string) => string | undefined
  /** Ids whose fold is not as it is by default. */
  toggled: ReadonlySet<string>
}

/** More than that are folded until somebody opens them. */
const openUpTo = 12

interface Work extends Facts {
  children: ReadonlyMap<string, readonly DrawnNode[]>
  items: ReadonlyMap<string, readonly string[]>
  spans: ReadonlyMap<string, { from: number; to: number | undefined }>
  rows: TimelineRow[]
}

export function timelineRows(facts: Facts): TimelineRow[] {
  const last = [...facts.runs.values()].flatMap((attempts) => attempts.at(-1) ?? [])
  const work: Work = {
    ...facts,
    children: Map.groupBy(facts.structure.nodes, (node) => node.parent ?? ''),
    items: indexRuns(last).items,
    spans: scopeSpans(facts.runs),
    rows: [],
  }
  addBody(work, { parent: '', scope: '', depth: 0 })
  return work.rows
}

interface Place {
  /** Drawn node the body belongs to; '' is the root. */
  parent: string
  scope: string
  depth: number
}

function addBody(work: Work, { parent, scope, depth }: Place): void {
  for (const node of work.children.get(parent) ?? []) {
    if (node.kind === 'branch')
      addItem(work, node, { id: `${scope}[${node.title}]`, title: node.title, depth })
    else addNode(work, node, { scope, depth })
  }
}

function addNode(work: Work, node: DrawnNode, { scope, depth }: Omit<Place, 'parent'>): void {
  const id = runId(scope, node.id)
  const attempts = work.runs.get(id) ?? []
  const keys = node.bound || node.container === 'loop' ? (work.items.get(id) ?? []) : []
  const body = node.bound || node.container === 'loop' ? [] : (work.children.get(node.id) ?? [])
  const inside = keys.length + body.length
  const open = inside > 0 && isOpen(work, id, inside)
  work.rows.push({ id, title: node.title, number: node.number, depth, inside, open, attempts })
  if (!open) return
  for (const key of keys) addItem(work, node, { id: itemId(id, key), title: key, depth: depth + 1 })
  if (body.length > 0) addBody(work, { parent: node.id, scope: id, depth: depth + 1 })
}

/** A record, an iteration or a branch. */
function addItem(
  work: Work,
  node: DrawnNode,
  { id, title, depth }: { id: string; title: string; depth: number },
) {
  const attempts = work.runs.get(id) ?? []
  const body = node.bound ? [] : (work.children.get(node.id) ?? [])
  const open = body.length > 0 && isOpen(work, id, body.length)
  const span = work.spans.get(id)
  work.rows.push({
    id,
    title: work.labelOf(id) ?? title,
    number: 0,
    depth,
    inside: body.length,
    open,
    attempts,
    ...(attempts.length === 0 && span ? { span } : {}),
  })
  if (open) addBody(work, { parent: node.id, scope: id, depth: depth + 1 })
}

const isOpen = ({ toggled }: Work, id: string, inside: number): boolean =>
  toggled.has(id) ? inside > openUpTo : inside <= openUpTo

/** When the runs of each iteration and branch began and ended. */
function scopeSpans(runs: Facts['runs']): Work['spans'] {
  const spans = new Map<string, { from: number; to: number | undefined }>()
  for (const attempts of runs.values())
    for (const attempt of attempts) {
      if (attempt.scope === '' || attempt.startedAt === undefined) continue
      const from = Date.parse(attempt.startedAt)
      const to = attempt.endedAt === undefined ? undefined : Date.parse(attempt.endedAt)
      const known = spans.get(attempt.scope)
      spans.set(attempt.scope, known ? widen(known, { from, to }) : { from, to })
    }
  return spans
}

function widen(one: { from: number; to: number | undefined }, other: typeof one): typeof one {
  const to = one.to === undefined || other.to === undefined ? undefined : Math.max(one.to, other.to)
  return { from: Math.min(one.from, other.from), to }
}

export function barsOf(attempts: readonly NodeRun[]): Bar[] {
  return attempts.flatMap((attempt): Bar[] => {
    const from = attempt.startedAt ?? attempt.endedAt
    if (from === undefined) return []
    return [
      {
        attempt,
        from: Date.parse(from),
        to: attempt.endedAt === undefined ? undefined : Date.parse(attempt.endedAt),
        part: hasWaited(attempt) ? 'wait' : 'work',
      },
    ]
  })
}

/** Nothing of what was stopped for its risks has run: it waited for somebody. */
const hasWaited = ({ waited, status, risks }: NodeRun): boolean =>
  waited !== undefined || status === 'waiting' || risks !== undefined

/** When something worked: waits, and the containers around them, do not count. */
export function busyStretches(
  runs: Facts['runs'],
  { now, isOuter }: { now: number; isOuter: (run: string) => boolean },
): { from: number; to: number }[] {
  return [...runs].flatMap(([id, attempts]) => {
    const bars = barsOf(attempts)
    if (!isOuter(id))
      return bars.flatMap((bar) => (bar.part === 'work' ? [{ from: bar.from, to: bar.to ?? now }] : []))
    // Of a container only its beginning and end are sure to be busy.
    return bars.flatMap(({ from, to = now }) => [from, to].map((time) => ({ from: time, to: time })))
  })
}
