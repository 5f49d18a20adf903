// Executions and node runs as spans, told when they end, with the times of their rows.
import { nodeOf, ownerOf, scopeOf } from '../../core/run-id.ts'
import { isFailure, type RunStatus } from '../../core/statuses.ts'
import type { RunKey } from '../../store/run-starts.ts'
import type { RunRow } from '../../store/save.ts'
import type { Live } from '../live.ts'
import { isOneGo } from '../metrics/figures.ts'
import type { Turn } from '../turn.ts'
import { computedId, isInShare, parseTraceparent, type TraceContext } from './trace-context.ts'

export interface Span {
  name: string
  kind: 'internal' | 'server' | 'client'
  context: TraceContext
  /** Id of the span above. */
  parent?: string
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  /** What kind of failure it was. */
  error?: string
  attributes: Record<string, string | number>
}

export interface Traces {
  /** A turn is committed, and not concluded yet. */
  turned(turn: Turn): void
  /** Of a node run: above the calls it makes and the children it starts. */
  contextOf(live: Live, at: { run: string; attempt: number }): TraceContext
  tell(span: Span): void
  close(): Promise<void>
}

export interface TraceOptions {
  /** Makes ids of this installation differ from those of others. */
  installation: string
  /** Share of the traces that begin here which are told, 0 to 1. */
  share: number
  export(span: Span): void
  /** When these runs began: their rows may have been begun by another process. */
  readStarts(keys: readonly RunKey[]): Promise<ReadonlyMap<RunKey, number>>
  close(): Promise<void>
}

interface Late {
  span: Span
  key: RunKey
}

const lookUpAfterMs = 200

export function createTraces(options: TraceOptions): Traces {
  const { installation } = options
  let late: Late[] = []
  let timer: NodeJS.Timeout | undefined

  function contextOf(live: Live, at?: { run: string; attempt: number }): TraceContext {
    const names = at ? [live.id, at.run, at.attempt] : [live.id]
    const spanId = computedId(16, installation, ...names)
    const given = parseTraceparent(live.trace)
    if (given) return { ...given, spanId }
    const traceId = computedId(32, installation, live.id)
    return { traceId, spanId, sampled: isInShare(traceId, options.share) }
  }

  function tell(span: Span): void {
    if (span.context.sampled) options.export(span)
  }

  async function lookUp(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const found = late
    late = []
    const starts = await options.readStarts(found.map(({ key }) => key)).catch(() => undefined)
    for (const { span, key } of found) tell({ ...span, startedAt: starts?.get(key) ?? span.startedAt })
  }

  function tellRun(turn: Turn, row: RunRow & { endedAt: number }): void {
    const { live } = turn
    const span = spanOfRun(turn, row, contextOf)
    if (!span.context.sampled) return
    if (isOneGo(live, row) && span.error !== 'interrupted') return tell(span)
    late.push({ span, key: { execution: live.id, run: row.run, attempt: row.attempt } })
    timer ??= setTimeout(lookUp, lookUpAfterMs).unref()
  }

  return {
    contextOf,
    tell,
    turned(turn) {
      for (const row of turn.save.runs) if (hasEnded(row)) tellRun(turn, row)
      const { endedAt } = turn.save.header
      if (typeof endedAt === 'number') tell(spanOfExecution(turn, contextOf(turn.live), endedAt))
    },
    async close() {
      if (late.length > 0) await lookUp()
      await options.close()
    },
  }
}

const hasEnded = (row: RunRow): row is RunRow & { endedAt: number } => row.endedAt !== undefined

type ContextOf = (live: Live, at?: { run: string; attempt: number }) => TraceContext

function spanOfRun(turn: Turn, row: RunRow & { endedAt: number }, contextOf: ContextOf): Span {
  const { live } = turn
  const { run, attempt, node, status, endedAt, startedAt = endedAt } = row
  const above = runAbove(run)
  const parent = above === undefined ? undefined : { run: above, attempt: attemptOf(turn, above) }
  const error = errorOf(row)
  return {
    name: node,
    kind: 'internal',
    context: contextOf(live, { run, attempt }),
    parent: contextOf(live, parent).spanId,
    startedAt,
    endedAt,
    ...(error === undefined ? {} : { error }),
    attributes: {
      ...attributesOf(live),
      'fermata.run': run,
      'fermata.node': node,
      'fermata.type': live.version.nodes.get(node)?.document.type ?? 'unknown',
      'fermata.attempt': attempt,
      'fermata.status': status,
      ...(row.record ? { 'fermata.record': row.record } : {}),
      ...(row.worker ? { 'fermata.worker': row.worker } : {}),
    },
  }
}

/** Codes say enough: messages may hold what the run worked on. */
function errorOf({ status, error }: RunRow): string | undefined {
  if (!isFailure(status as RunStatus)) return undefined
  return (error as { code?: string } | undefined)?.code ?? status
}

/** The container or bound node a run belongs to. */
function runAbove(run: string): string | undefined {
  const owner = ownerOf(run)
  if (owner !== undefined) return owner
  const scope = scopeOf(run)
  return scope === '' ? undefined : (ownerOf(scope) ?? nodeOf(scope))
}

function attemptOf({ state, live }: Turn, run: string): number {
  return (state.runs[run] ?? live.state.runs[run])?.attempt ?? 1
}

function spanOfExecution({ live, save }: Turn, context: TraceContext, endedAt: number): Span {
  const above = parseTraceparent(live.trace)?.spanId
  const { status } = save.header
  const isBad = status !== 'completed' && status !== 'canceled'
  const code = (save.header.error as { code?: string } | undefined)?.code
  return {
    name: live.version.workflow,
    kind: above === undefined || live.parent ? 'internal' : 'server',
    context,
    ...(above === undefined ? {} : { parent: above }),
    startedAt: save.header.startedAt ?? live.startedAt ?? endedAt,
    endedAt,
    ...(isBad ? { error: code ?? status } : {}),
    attributes: { ...attributesOf(live), 'fermata.status': status, 'fermata.started_by': live.startedBy },
  }
}

const attributesOf = ({ id, version }: Live) => ({
  'fermata.execution': id,
  'fermata.workflow': version.workflow,
  'fermata.version': version.version,
})
