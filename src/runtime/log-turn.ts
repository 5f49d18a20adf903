// What happened to an execution, as lines of the log with the ids of everything concerned. Never inputs or outputs.
import type { RunError } from '../core/outcome.ts'
import { isFailure, type RunStatus } from '../core/statuses.ts'
import type { RunRow } from '../store/save.ts'
import type { Core, Log } from './core.ts'
import type { Live } from './live.ts'
import { isOneGo } from './metrics/figures.ts'
import type { Turn } from './turn.ts'

/** The ids of a run, out of whatever knows them. */
export function idsOf(of: { execution: string; run: string; attempt: number; workflow: string }): object {
  const { execution, run, attempt, workflow } = of
  return { execution, workflow, run, attempt }
}

/** Called with a committed turn. Costs a question when nobody listens. */
export function logTurn({ log }: Core, turn: Turn): void {
  if (!log.isLevelEnabled?.('info')) return
  const { live, save } = turn
  const { workflow, version } = live.version
  const ids = { execution: live.id, workflow }
  const { startedAt, endedAt, status } = save.header
  if (save.insert) {
    const { trigger, startedBy: by, parent } = save.insert
    const child = parent ? { parent: parent.execution } : {}
    log.info({ ...ids, version, trigger, by, ...child }, 'Execution created')
  }
  if (startedAt !== undefined) log.info(ids, 'Execution started')
  for (const row of save.runs) logRun(log, live, row)
  for (const { act, by, run } of save.acts)
    log.info({ ...ids, act, by, ...(run ? { run } : {}) }, 'Act taken')
  if (typeof endedAt !== 'number') return
  const began = startedAt ?? live.startedAt
  const ms = began === undefined ? {} : { ms: endedAt - began }
  const error = save.header.error as { code?: string } | undefined
  log.info({ ...ids, status, ...ms, ...(error?.code ? { code: error.code } : {}) }, 'Execution ended')
}

function logRun(log: Log, live: Live, row: RunRow): void {
  if (row.endedAt === undefined) return
  const isBad = isFailure(row.status as RunStatus)
  if (!isBad && !log.isLevelEnabled?.('debug')) return
  const { run, attempt, node, status, startedAt = row.endedAt } = row
  const { id: execution, version } = live
  const type = version.nodes.get(node)?.document.type
  const ids = { execution, workflow: version.workflow, run, attempt }
  const ms = isOneGo(live, row) ? { ms: row.endedAt - startedAt } : {}
  const about = { ...ids, node, type, status, ...ms }
  if (!isBad) return log.debug?.(about, 'Node run ended')
  const { kind, code } = (row.error ?? {}) as Partial<RunError>
  log.info({ ...about, kind, code }, 'Node run failed')
}
