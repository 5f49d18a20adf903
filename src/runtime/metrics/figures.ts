// What this process counts while it works. Called at few places: the end of a flush, the commit of a turn, the claimer,
// and the answers to requests. All of it is plain additions; text is made when somebody reads it.
import type { RunError } from '../../core/outcome.ts'
import type { ClaimedRow } from '../../store/queue.ts'
import type { RunRow } from '../../store/save.ts'
import type { Live } from '../live.ts'
import type { Turn } from '../turn.ts'
import { createRegistry, type Distribution, quantile, type Registry, type Series } from './registry.ts'

export interface Figures {
  readonly registry: Registry
  /** A flush has returned: how many saves it held, how many of them the guard refused, how long it took. */
  flushed(flush: { saves: number; refused: number; ms: number }): void
  /** A flush was refused by the database, or did not reach it. */
  flushFailed(): void
  /** What the commits of this process were like since it started. */
  commits(): CommitFigures
  /** A turn is committed, and not concluded yet. */
  turned(turn: Turn): void
  claimed(rows: readonly ClaimedRow[]): void
  /** Rows of processes that are gone were freed. */
  rescued(rows: number): void
  answered(request: { method: string; route: string; status: number; ms: number }): void
  /** A statement took longer than it should. */
  slowStatement(): void
}

export interface CommitFigures {
  commits: number
  saves: number
  /** Saves that another process's made stale. */
  refused: number
  failures: number
  /** Times from sending to answer. */
  p50Ms: number
  p95Ms: number
}

const batchBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const commitBounds = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const answerBounds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]
const runBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800]
const executionBounds = [0.01, 0.1, 1, 10, 60, 600, 3600, 21_600, 86_400, 604_800]
const latenessBounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300]

export function createFigures(): Figures {
  const registry = createRegistry()
  return { registry, ...commitFigures(registry), ...workFigures(registry), ...requestFigures(registry) }
}

function commitFigures(registry: Registry): Pick<Figures, 'flushed' | 'flushFailed' | 'commits'> {
  const help = 'Saves of executions written by one commit.'
  const sizes = registry.histogram({ name: 'fermata_commit_batch_size', help, bounds: batchBounds })
  const times = registry.histogram({
    name: 'fermata_commit_seconds',
    help: 'Time from sending a commit to its answer.',
    bounds: commitBounds,
  })
  const refused = registry.counter({
    name: 'fermata_saves_refused_total',
    help: 'Saves refused because another process had been first; their turns are taken again.',
  })
  const failed = registry.counter({
    name: 'fermata_commit_failures_total',
    help: 'Commits that the database did not take; they are repeated.',
  })
  const [size, time, refusals, failures] = [sizes.at(), times.at(), refused.at(), failed.at()]
  return {
    flushed({ saves, refused, ms }) {
      sizes.observe(size, saves)
      times.observe(time, ms / 1000)
      refusals.value += refused
    },
    flushFailed() {
      failures.value++
    },
    commits: () => ({
      commits: time.count,
      saves: size.sum,
      refused: refusals.value,
      failures: failures.value,
      p50Ms: quantile(commitBounds, time, 0.5) * 1000,
      p95Ms: quantile(commitBounds, time, 0.95) * 1000,
    }),
  }
}

function workFigures(registry: Registry): Pick<Figures, 'turned' | 'claimed' | 'rescued'> {
  const executions = executionFigures(registry)
  const settled = runFigures(registry)
  const claims = registry.counter({
    name: 'fermata_claims_total',
    help: 'Rows of the queue claimed by this process.',
    labels: ['kind'],
  })
  const late = registry.histogram({
    name: 'fermata_queue_lateness_seconds',
    help: 'How long after they were due rows of the queue were claimed: timers (wake, timeout, deadline), effects (run).',
    labels: ['kind'],
    bounds: latenessBounds,
  })
  const rescues = registry.counter({
    name: 'fermata_claims_rescued_total',
    help: 'Claims of processes that went away, freed by this one.',
  })
  const rescue = rescues.at()
  return {
    turned(turn) {
      executions(turn)
      for (const row of turn.save.runs) if (row.endedAt !== undefined) settled(turn.live, row)
    },
    claimed(rows) {
      for (const { kind, lateMs } of rows) {
        claims.at(kind).value++
        if (typeof lateMs === 'number') late.observe(late.at(kind), lateMs / 1000)
      }
    },
    rescued(rows) {
      rescue.value += rows
    },
  }
}

function executionFigures(registry: Registry): (turn: Turn) => void {
  const created = registry.counter({
    name: 'fermata_executions_created_total',
    help: 'Executions accepted, started at once or queued.',
    labels: ['workflow', 'trigger'],
  })
  const started = registry.counter({
    name: 'fermata_executions_started_total',
    help: 'Executions started.',
    labels: ['workflow'],
  })
  const ended = registry.counter({
    name: 'fermata_executions_ended_total',
    help: 'Executions ended, by how.',
    labels: ['workflow', 'status'],
  })
  const times = registry.histogram({
    name: 'fermata_execution_seconds',
    help: 'Time from start to end of executions.',
    labels: ['status'],
    bounds: executionBounds,
  })
  return ({ live, save }) => {
    const { workflow } = live.version
    const { status, startedAt, endedAt } = save.header
    if (save.insert) created.at(workflow, save.insert.trigger).value++
    if (startedAt !== undefined) started.at(workflow).value++
    if (typeof endedAt !== 'number') return
    ended.at(workflow, status).value++
    const began = startedAt ?? live.startedAt
    if (began !== undefined) times.observe(times.at(status), seconds(began, endedAt))
  }
}

interface OfType {
  count: Series
  /** Absent: none of them told how long it took. */
  time?: Distribution
}

function runFigures(registry: Registry): (live: Live, row: RunRow) => void {
  const labels = ['type', 'status']
  const runs = registry.counter({ name: 'fermata_node_runs_total', help: 'Node runs ended, by how.', labels })
  const times = registry.histogram({
    name: 'fermata_node_run_seconds',
    help: 'Time node runs took, without those that waited and without containers.',
    labels,
    bounds: runBounds,
  })
  const interrupted = registry.counter({
    name: 'fermata_node_runs_interrupted_total',
    help: 'Node runs whose process went away; poison: for the third time.',
    labels: ['code'],
  })
  // One look-up per row in the usual case.
  const known = new Map<string, Map<string, OfType>>()
  function figuresOf(type: string, status: string): OfType {
    const byStatus = known.get(type) ?? new Map<string, OfType>()
    const found = byStatus.get(status)
    if (found) return found
    const made: OfType = { count: runs.at(type, status) }
    known.set(type, byStatus.set(status, made))
    return made
  }
  return (live, row) => {
    const type = live.version.graph.nodes.get(row.node)?.type ?? 'unknown'
    const of = figuresOf(type, row.status)
    of.count.value++
    if (row.startedAt !== undefined && isOneGo(live, row)) {
      of.time ??= times.at(type, row.status)
      times.observe(of.time, seconds(row.startedAt, row.endedAt as number))
    }
    const code = row.error === undefined ? undefined : (row.error as RunError).code
    if (code === 'interrupted' || code === 'poison') interrupted.at(code).value++
  }
}

/** The row of a run that waited tells when it was taken up again, not when it began. */
export function isOneGo({ state, version }: Live, { run, node }: RunRow): boolean {
  const before = state.runs[run]
  if (before !== undefined && (before.status === 'waiting' || before.body !== undefined)) return false
  const { container, bind } = version.graph.nodes.get(node) ?? {}
  return container === undefined && (bind === undefined || run.endsWith(']'))
}

const seconds = (from: number, to: number): number => Math.max(0, to - from) / 1000

function requestFigures(registry: Registry): Pick<Figures, 'answered' | 'slowStatement'> {
  const answers = registry.counter({
    name: 'fermata_http_requests_total',
    help: 'Requests answered.',
    labels: ['method', 'route', 'status'],
  })
  const times = registry.histogram({
    name: 'fermata_http_request_seconds',
    help: 'Time to answer requests; live streams are not among them.',
    labels: ['method', 'route'],
    bounds: answerBounds,
  })
  const slow = registry.counter({
    name: 'fermata_slow_statements_total',
    help: 'SQL statements that took longer than LOG_SLOW_MS.',
  })
  const slowOnes = slow.at()
  return {
    answered({ method, route, status, ms }) {
      answers.at(method, route, String(status)).value++
      times.observe(times.at(method, route), ms / 1000)
    },
    slowStatement() {
      slowOnes.value++
    },
  }
}
