// A status change of an attempt becomes its row of `node_runs`: one row per attempt, the last status of the turn.
import type { Mark } from '../core/command.ts'
import type { Json } from '../core/json.ts'
import type { RunError, Wait } from '../core/outcome.ts'
import { attemptId, scopeOf } from '../core/run-id.ts'
import { type FailureKind, isFailure, isSettled } from '../core/statuses.ts'
import type { QueueRow, RunRow, Save } from '../store/save.ts'
import { type Facts, fewestResults, type Message } from './live.ts'
import { boundItem } from './scope.ts'
import { queueClaimed, type Turn } from './turn.ts'

const noFacts: Facts = {}

export function markRow(turn: Turn, mark: Mark, cause: Message): void {
  const key = attemptId(mark.run, mark.attempt)
  const facts = turn.facts.get(key) ?? noFacts
  if (isSettled(mark.status)) settleRow(turn, mark, { key, facts, cause })
  else if (isWorthARow(turn, mark, key)) {
    turn.rows.set(key, {
      ...rowBase(turn, mark, { key, facts }),
      ...waitOf(turn, mark, facts),
      ...byHand(turn, mark, cause),
    })
  }
}

/**
 * A dispatched effect has no row until it ends or has run for a moment: most end at once, and the row would be
 * written twice. Its dispatch is durable in the queue and the snapshot.
 */
function isWorthARow(turn: Turn, mark: Mark, key: string): boolean {
  if (mark.status !== 'running' || mark.manual) return true
  const before = turn.live.state.runs[mark.run]
  if (before?.attempt === mark.attempt && before.status !== 'running') return true
  const node = turn.live.version.graph.nodes.get(mark.node)
  return turn.rows.has(key) || node?.container !== undefined || node?.bind !== undefined
}

/** An effect that only some processes may run can wait for long: it is seen before it begins. */
export function showQueued(turn: Turn, { run, attempt, node }: Omit<Mark, 'type' | 'status'>): void {
  const key = attemptId(run, attempt)
  if (turn.rows.has(key)) return
  const row: RunRow = { run, attempt, node, status: 'queued' }
  addRecord(turn, row)
  turn.rows.set(key, row)
}

function addRecord({ live }: Turn, row: RunRow): void {
  const bound = boundItem(live, row.run)
  if (bound) row.record = `${bound.collection}/${bound.id}`
}

function rowBase(turn: Turn, mark: Mark, { key, facts }: Pick<Settling, 'key' | 'facts'>): RunRow {
  const known = turn.rows.get(key)
  const row: RunRow = {
    run: mark.run,
    attempt: mark.attempt,
    node: mark.node,
    status: mark.status,
    fresh: isFresh(turn, mark, facts),
    worker: turn.core.worker,
    startedAt: Math.round(facts.startedAt ?? known?.startedAt ?? turn.core.clock.now()),
  }
  addRecord(turn, row)
  if (known?.manual !== undefined) row.manual = known.manual
  const input = inputOf(facts, known)
  if (input !== undefined) row.input = input
  return row
}

/** The attempt began in this very turn, or its effect ended before it was shown. */
function isFresh(turn: Turn, mark: Mark, facts: Facts): boolean {
  const before = turn.live.state.runs[mark.run]
  return before?.attempt !== mark.attempt ? mark.attempt > (before?.attempt ?? 0) : facts.unseen === true
}

/** The items a container has learnt belong to its row from now on: whoever goes on after a crash reads them there. */
export function keepItems(turn: Turn, run: { run: string; attempt: number }, facts: Facts): void {
  const row = turn.rows.get(attemptId(run.run, run.attempt))
  const input = inputOf(facts, row)
  if (row && input !== undefined) row.input = input
}

function inputOf(facts: Facts, known: RunRow | undefined): string | undefined {
  if (facts.items) return `{"config":${facts.input ?? '{}'},"items":${JSON.stringify(facts.items)}}`
  return facts.input ?? known?.input
}

interface Settling {
  key: string
  facts: Facts
  cause: Message
}

function settleRow(turn: Turn, mark: Mark, settling: Settling): void {
  const { facts, key, cause } = settling
  const output = outputOf(mark, settling)
  const error = errorOf(mark, facts)
  const row = rowBase(turn, mark, settling)
  row.endedAt = Math.round(turn.core.clock.now())
  if (error) row.error = error
  if (mark.manual) row.manual = manualOf(turn, mark, cause)
  const queued = queueRowOf(turn, mark, key)
  if (queued) turn.save.unqueue.push(queued)
  turn.rows.set(key, row)
  if (output !== undefined) {
    keepOutput(
      turn,
      row,
      output === facts.output ? (facts.outputText ?? JSON.stringify(output)) : JSON.stringify(output),
    )
  }
  keepResult(turn, mark, { output: output ?? null, error })
  if (facts.publish) turn.live.output = output ?? null
  if (facts.endMessage !== undefined) turn.save.header.error = { code: 'ended', message: facts.endMessage }
}

function outputOf(mark: Mark, { facts, cause }: Settling): Json | undefined {
  if (mark.tolerated) return { error: errorAs(mark.tolerated, mark, facts) as unknown as Json }
  if (mark.summary) return mark.summary
  if (mark.manual === 'completed' || mark.manual === 'chosen') return cause.facts?.output ?? null
  return mark.status === 'completed' ? (facts.output ?? null) : undefined
}

function errorOf(mark: Mark, facts: Facts): RunError | undefined {
  return isFailure(mark.status) ? errorAs(mark.status, mark, facts) : undefined
}

/** A failure of this kind as it is recorded. That of a container, or of a wait, has no error that a node type gave. */
function errorAs(kind: FailureKind, { summary }: Mark, facts: Facts): RunError | undefined {
  if (facts.error) return facts.error
  if (kind === 'timed-out') return { kind, code: 'timeout', message: 'The time allowed is over.' }
  return summary && { kind, code: 'items-failed', message: `${summary.failed} of ${summary.total} failed.` }
}

/** An attempt whose risk was taken is over; the one that runs instead says so too. */
function byHand(turn: Turn, mark: Mark, cause: Message): Pick<RunRow, 'manual' | 'endedAt'> {
  if (!mark.manual) return {}
  const ended = mark.status === 'risky' ? { endedAt: Math.round(turn.core.clock.now()) } : {}
  return { manual: manualOf(turn, mark, cause), ...ended }
}

function manualOf(turn: Turn, mark: Mark, cause: Message): Json {
  return {
    act: mark.manual ?? null,
    by: cause.act?.by ?? cause.facts?.by ?? null,
    reason: cause.act?.reason ?? null,
    at: new Date(turn.core.clock.now()).toISOString(),
  }
}

/** Effects, timers and resumes of a settled attempt are done with; inline nodes never had any. */
function queueRowOf(turn: Turn, mark: Mark, key: string): Save['unqueue'][number] | undefined {
  const { run, attempt } = mark
  const before = turn.live.state.runs[run]
  const wasQueued = before !== undefined && before.attempt === attempt
  if (!wasQueued && turn.save.queue.length === 0) return undefined
  const inTurn = turn.save.queue.some((row: QueueRow) => row.run === run && row.attempt === attempt)
  if (!(wasQueued || inTurn) || !turn.live.version.graph.nodes.has(mark.node)) return undefined
  // An effect under way has one row and no other: no timer, nothing it waits for.
  const isEffect = before?.status === 'running' && before.body === undefined && !inTurn
  const hasWaited = turn.rows.get(key)?.status === 'waiting'
  return isEffect && !hasWaited ? { run, attempt, kind: 'run' } : { run, attempt }
}

function keepOutput(turn: Turn, row: RunRow, text: string): void {
  if (text.length <= turn.core.limits.inlineBytes) {
    row.output = text
    return
  }
  if (text.length > turn.core.limits.outputBytes) {
    const limit = turn.core.limits.outputBytes
    row.output = JSON.stringify({ truncated: true, bytes: text.length, limit })
    return
  }
  turn.save.blobs.push({ run: row.run, attempt: row.attempt, content: text })
}

/** Results of bodies that are over are read back from the database by whoever still wants them. */
function keepResult(turn: Turn, mark: Mark, result: { output: Json; error: RunError | undefined }): void {
  const { live } = turn
  const { output, error } = result
  live.results.set(mark.run, error ? { status: mark.status, output, error } : { status: mark.status, output })
  if (live.results.size > live.mostResults) forgetOld(turn)
}

/**
 * What this turn has not saved yet must stay. The next look is when there are twice as many: looking at each result
 * made a loop of 10,000 quadratic.
 */
function forgetOld(turn: Turn): void {
  const { live } = turn
  for (const run of live.results.keys()) {
    if (scopeOf(run) === '' && !run.endsWith(']')) continue
    if (!turn.rows.has(attemptId(run, 1))) live.results.delete(run)
    if (live.results.size < 2000) break
  }
  live.mostResults = Math.max(fewestResults, 2 * live.results.size)
  live.complete = false
}

/** What the run waits for: shown with it, and enough to go on after a restart. */
function waitOf(turn: Turn, mark: Mark, facts: Facts): { wait?: Json } {
  const { wait, stop } = facts
  const { run, attempt } = mark
  const isRisky = mark.status === 'risky' && stop !== undefined
  if (!isRisky && (mark.status !== 'waiting' || !wait)) return {}
  if (turn.live.state.runs[run]?.attempt === attempt) turn.save.unqueue.push({ run, attempt, kind: 'run' })
  if (isRisky) return { wait: stop as unknown as Json }
  return wait ? waitFor(turn, mark, wait) : {}
}

function waitFor(turn: Turn, { run, attempt }: Mark, wait: Wait): { wait: Json } {
  const { workflow } = turn.live.version
  switch (wait.for) {
    case 'time': {
      const { until } = wait
      const due = 'afterMs' in until ? { afterMs: until.afterMs } : { at: Date.parse(until.at) }
      turn.save.queue.push({ run, attempt, kind: 'wake', workflow, payload: wait.output ?? null, ...due })
      const at = 'afterMs' in until ? turn.core.clock.now() + until.afterMs : Date.parse(until.at)
      return { wait: { for: 'time', until: new Date(at).toISOString() } }
    }
    case 'person':
      turn.save.tasks.push({ run, attempt, ...wait.task, title: wait.task.title.slice(0, 500) })
      return { wait: { for: 'person', task: wait.task.title, assignees: wait.task.assignees } }
    case 'event':
      return { wait: { for: 'event', key: wait.key } }
    case 'child':
      queueClaimed(turn, {
        run,
        attempt,
        kind: 'act',
        workflow,
        payload: { act: 'start-child', ...wait.child },
      })
      return { wait: { for: 'child', workflow: wait.child.workflow } }
  }
}
