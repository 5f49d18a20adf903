// A claimed row of the queue may begin, or not: stopped meanwhile, paused, interrupted before (rules 22 and 26).
import { nodeOf } from '../core/run-id.ts'
import { isEnded } from '../core/statuses.ts'
import { type ClaimedRow, removeRow } from '../store/queue.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Live, Message } from './live.ts'
import { idsOf } from './log-turn.ts'
import type { Effect } from './turn.ts'

const maxCrashes = 3
const maxLooks = 5

type Verdict = 'start' | 'begin' | 'park' | 'gone' | 'interrupted'

/** Undefined: nothing is to be run here; the row was dealt with, or is left to be given back. */
export async function admitEffect(
  core: Core,
  gate: Gate,
  row: ClaimedRow,
): Promise<{ live: Live; effect: Effect } | undefined> {
  for (let look = 0; look < maxLooks; look++) {
    const live = await gate.open(row.execution)
    const verdict = judge(live, row)
    if (verdict === 'interrupted') warnOfInterruption(core, row)
    if (verdict === 'start') return admitted(core, live, row)
    // Ignored: what is in memory is up to date then, and the next look judges by it.
    const message = { ...messageFor(verdict, row), claim: { ...row, live, generation: unchecked } }
    const settled = (await gate.send(row.execution, message)) === 'applied'
    if (settled && verdict === 'begin')
      return { live: await gate.open(row.execution), effect: effectOf(live, row) }
    if (settled) return undefined
    if (verdict === 'gone' && judge(await gate.open(row.execution), row) === 'gone') {
      await removeRow(core.pool, row)
      return undefined
    }
  }
  return undefined
}

function warnOfInterruption(core: Core, row: ClaimedRow): void {
  core.log.warn({ ...idsOf(row), crashes: row.crashes }, 'A node run was interrupted: its process went away')
}

/** No generation: the claim is older than what is in memory, and is looked up whatever is there. */
const unchecked = -1

/**
 * The execution may have been read after others took this process for dead and released its claim: then its seq says
 * nothing. Once the claim is known to outlive the reading, its release moves seq on, and the guard notices.
 */
async function admitted(
  core: Core,
  live: Live,
  row: ClaimedRow,
): Promise<{ live: Live; effect: Effect } | undefined> {
  const isOurs = await core.reads.holdsClaim(row)
  return isOurs ? { live, effect: effectOf(live, row) } : undefined
}

function judge(live: Live, row: ClaimedRow): Verdict {
  const { state } = live
  const run = state.runs[row.run]
  const isLive = run?.status === 'running' || run?.status === 'retrying'
  if (isEnded(state.status) || run?.attempt !== row.attempt || !isLive || run.body) return 'gone'
  const isPaused = state.status === 'paused'
  if (run.status === 'retrying') return isPaused ? 'park' : 'begin'
  if (crashesOf(row) === 0) return isPaused ? 'park' : 'start'
  const type = live.version.nodes.get(nodeOf(row.run))?.type
  return type?.idempotent === true && row.crashes < maxCrashes ? 'start' : 'interrupted'
}

function messageFor(verdict: Exclude<Verdict, 'start'>, row: ClaimedRow): Message {
  const { run, attempt } = row
  switch (verdict) {
    case 'begin':
      return { event: { type: 'began', run, attempt } }
    case 'park':
      return { park: { run, attempt } }
    case 'interrupted':
      return interrupted(row)
    case 'gone':
      return {}
  }
}

interface Payload {
  group?: number
  config?: Effect['config']
  /** Of the attempts this one repeats. */
  crashes?: number
}

const payloadOf = ({ payload }: ClaimedRow): Payload => (payload ?? {}) as Payload

/** Of this attempt alone. */
function crashesOf(row: ClaimedRow): number {
  return row.crashes - (payloadOf(row).crashes ?? 0)
}

function effectOf(live: Live, row: ClaimedRow): Effect {
  const { run, attempt } = row
  const known = live.state.runs[run]
  const { group = known?.group ?? attempt, config } = payloadOf(row)
  const more = {
    rowCrashes: row.crashes,
    ...(config ? { config } : {}),
    ...(known?.confirmed ? { confirmed: known.confirmed } : {}),
  }
  return { run, node: nodeOf(run), attempt, group, crashes: crashesOf(row), ...more }
}

/** The process that ran it is gone: whether the effect happened is not known. */
function interrupted(row: ClaimedRow): Message {
  const { run, attempt, crashes } = row
  const poison = crashes >= maxCrashes
  const code = poison ? 'poison' : 'interrupted'
  const message = poison
    ? `This run was interrupted ${crashes} times and is not tried again by itself.`
    : 'The process that ran this went away. The effect may have happened: check before you retry.'
  return {
    event: { type: 'failed', run, attempt, kind: 'error', ...(poison ? { final: true } : {}) },
    facts: { error: { kind: 'error', code, message }, crashes },
  }
}
