// One turn of an execution: messages in, `advance` and inline nodes until nothing inline is left, one save out.
import { advance } from '../core/advance.ts'
import type { Command } from '../core/command.ts'
import type { Own } from '../core/draft.ts'
import { AppError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { State } from '../core/state.ts'
import type { ClaimedRow } from '../store/queue.ts'
import type { QueueRow, RunRow, Save } from '../store/save.ts'
import { bindRun } from './bind.ts'
import type { Core } from './core.ts'
import { finishExecution } from './finish.ts'
import type { Facts, Live, Message } from './live.ts'
import { keepItems, markRow, showQueued } from './mark-row.ts'
import {
  addRows,
  addStartRows,
  bindingsFor,
  noteRow,
  park,
  rememberBinding,
  rememberFacts,
} from './message-rows.ts'
import { type Call, callNode, failure } from './run-node.ts'
import { stopRun } from './stop-run.ts'
import { isInline } from './versions.ts'

export interface Effect {
  run: string
  node: string
  attempt: number
  group: number
  crashes?: number
  /** All that its row counted when it was claimed; absent: none. */
  rowCrashes?: number
  config?: Facts['config']
  confirmed?: true
}

export interface Turn {
  core: Core
  live: Live
  state: State
  /** The parts of it that are this turn's alone. */
  own: Own
  /** Node runs may start effects here: answers whether this process takes the effect itself. */
  reserve(): boolean
  rows: Map<string, RunRow>
  save: Save
  /** The save was written, and not refused because another process was first. */
  isSaved: boolean
  /** Node runs this turn dispatched. */
  dispatched: number
  /** It has dispatched more than it may. */
  isOverLimit: boolean
  /** Rows queued with a claim of this process: in its hands until their work has begun. */
  held: ClaimedKey[]
  /** Effects and other rows this process has claimed with the save, to be taken up after the commit. */
  effects: Effect[]
  claimed: ClaimedRow[]
  /** Rows of the queue whose messages were applied: done with, unlike rows of the same name queued in this turn. */
  takenUp: Save['unqueue']
  /** Attempts whose effect, if it runs here, is to be aborted after the commit. */
  aborted: { run: string; attempt: number }[]
  /** Work for after the commit. */
  after: (() => Promise<unknown> | unknown)[]
  /** What is known about attempts of this turn. */
  facts: Map<string, Facts>
  /** Messages from outside that changed something: their senders wait to hear. */
  applied: Set<Message>
  inbox: Message[]
}

type ClaimedKey = Pick<ClaimedRow, 'execution' | 'run' | 'attempt' | 'kind'>

/** For what nobody can call off. */
export const never = new AbortController().signal

export function openTurn(core: Core, live: Live, reserve: () => boolean): Turn {
  const turn: Turn = {
    core,
    live,
    state: live.state,
    own: {},
    reserve,
    rows: new Map(),
    save: {
      id: live.id,
      seq: live.seq,
      header: { status: live.state.status, waiting: false, attention: false, snapshot: '' },
      runs: [],
      queue: [],
      unqueue: [],
      tasks: [],
      closeTasks: [],
      bindings: [],
      blobs: [],
      logs: [],
      acts: [],
    },
    isSaved: false,
    dispatched: 0,
    isOverLimit: false,
    held: [],
    effects: [],
    claimed: [],
    takenUp: [],
    aborted: [],
    after: [],
    facts: new Map(),
    applied: new Set(),
    inbox: [],
  }
  if (live.insert) turn.save.insert = live.insert
  return turn
}

/** Takes one message and everything that follows from it without leaving the process. */
export async function takeMessage(turn: Turn, message: Message): Promise<void> {
  turn.inbox.push(message)
  for (let next = turn.inbox.shift(); next; next = turn.inbox.shift()) {
    const commands = step(turn, next)
    for (const command of commands) {
      const work = obey(turn, command, next)
      if (work) await work
    }
  }
}

function step(turn: Turn, message: Message): readonly Command[] {
  const { event } = message
  if (message.note) noteRow(turn, message, message.note)
  if (message.park) park(turn, message, message.park)
  if (message.bindings) addStartRows(turn, message, message.bindings)
  if (!event) return []
  rememberFacts(turn, message, event)
  const plan = { graph: turn.live.version.graph, bindings: bindingsFor(turn, message), own: turn.own }
  const { state, commands } = advance(plan, turn.state, event)
  if (state === turn.state) return []
  if (message.rebind) rememberBinding(turn, message.rebind)
  if (event.type === 'each' && message.facts) keepItems(turn, event, message.facts)
  turn.state = state
  if (message.settle) turn.applied.add(message)
  if (event.type === 'started') turn.save.header.startedAt = Math.round(turn.core.clock.now())
  addRows(turn.save, message)
  if (message.unqueue) turn.takenUp.push(...message.unqueue)
  return commands
}

/** What the core asked for: recorded, queued, or done at once when it is inline. */
function obey(turn: Turn, command: Command, cause: Message): Promise<void> | undefined {
  switch (command.type) {
    case 'mark':
      markRow(turn, command, cause)
      return undefined
    case 'run':
      return startRun(turn, command, cause)
    case 'resume':
      return callInline(turn, { ...inlineCall(command, 'resume'), answer: cause.facts?.answer ?? null })
    case 'decide':
      if (isRefused(turn, command)) return undefined
      return callInline(turn, { ...inlineCall(command, 'decide'), answer: { index: command.index } })
    case 'bind':
      return bindRun(turn, command)
    case 'timer':
      queueTimer(turn, command)
      return undefined
    case 'stop':
      stopRun(turn, command)
      return undefined
    case 'hold':
    case 'release':
    case 'reopen':
    case 'finish':
      return finishExecution(turn, command)
  }
}

type RunCommand = Extract<Command, { type: 'run' }>

function startRun(turn: Turn, command: RunCommand, cause: Message): Promise<void> | undefined {
  if (isRefused(turn, command)) return undefined
  const type = turn.live.version.nodes.get(command.node)?.type
  const config = cause.event?.type === 'retried' ? cause.facts?.config : undefined
  if (!type || isInline(type)) {
    const call = inlineCall(command, 'run')
    if (config) call.config = config
    if (command.confirmed) call.confirmed = command.confirmed
    return callInline(turn, call)
  }
  queueEffect(turn, command, { cause, config })
  return undefined
}

function queueEffect(
  turn: Turn,
  command: RunCommand,
  { cause, config }: { cause: Message; config: Facts['config'] | undefined },
): void {
  const { run, node, attempt, group, afterMs, confirmed } = command
  const crashes = crashesBefore(command, cause)
  const tag = turn.live.version.graph.nodes.get(node)?.policy.runOn
  // What was interrupted waits for its claim like all others: the queue knows who is to be tried alone.
  const mine = !afterMs && !crashes && turn.core.lanes.has(tag) && turn.reserve()
  turn.save.queue.push({
    run,
    attempt,
    kind: 'run',
    workflow: turn.live.version.workflow,
    ...payloadOf({
      ...(group === attempt ? {} : { group }),
      ...(config ? { config } : {}),
      ...(crashes ? { crashes } : {}),
    }),
    ...(crashes ? { crashes } : {}),
    ...(afterMs ? { afterMs } : {}),
    ...(mine ? { claimedBy: turn.core.process } : {}),
    ...(tag === undefined ? {} : { tag }),
  })
  if (tag !== undefined && !mine) showQueued(turn, command)
  const more = { ...(config ? { config } : {}), ...(confirmed ? { confirmed } : {}) }
  if (mine) turn.effects.push({ run, node, attempt, group, ...more })
}

const payloadOf = (known: JsonObject): Pick<QueueRow, 'payload'> =>
  Object.keys(known).length > 0 ? { payload: known } : {}

/** The retry of a run that was interrupted knows how often that happened (rule 26). */
function crashesBefore(command: RunCommand, { event, facts }: Message): number {
  const isRetry = event !== undefined && 'run' in event && event.run === command.run
  return isRetry ? (facts?.crashes ?? 0) : 0
}

function inlineCall(
  { run, attempt, group = attempt }: { run: string; attempt: number; group?: number },
  kind: Call['kind'],
): Call {
  return { run, attempt, group, kind, signal: never, logs: [] }
}

/** Nothing to wait for, mostly: the next node follows at once. */
function callInline(turn: Turn, call: Call): Promise<void> | undefined {
  const message = callNode(turn.core, turn.live, call)
  if (!(message instanceof Promise)) {
    turn.inbox.push(message)
    return undefined
  }
  return message.then((known) => {
    turn.inbox.push(known)
  })
}

/**
 * No execution runs for ever (rule 27): the run too many fails; should its policy let the execution go on to another
 * one, then the execution is ended.
 */
function isRefused(turn: Turn, at: { run: string; attempt: number }): boolean {
  const { nodeRuns } = turn.core.limits
  if (turn.live.dispatched + ++turn.dispatched <= nodeRuns) return false
  const error = new AppError('limit-exceeded', `This execution has more than ${nodeRuns} node runs.`)
  if (turn.isOverLimit) {
    turn.save.header.error = { kind: 'failed', code: error.code, message: error.message }
    turn.inbox.push({ event: { type: 'terminated', reason: 'terminated' } })
  } else turn.inbox.push(failure(at, {}, error))
  turn.isOverLimit = true
  return true
}

function queueTimer(turn: Turn, command: Extract<Command, { type: 'timer' }>): void {
  const { run, attempt, afterMs } = command
  turn.save.queue.push({ run, attempt, kind: 'timeout', workflow: turn.live.version.workflow, afterMs })
}

/** Queues a row that this process takes up itself right after the commit. */
export function queueClaimed(turn: Turn, row: QueueRow): void {
  turn.save.queue.push({ ...row, claimedBy: turn.core.process })
  const { run, attempt, kind, workflow } = row
  const payload = (row.payload ?? null) as Json
  turn.claimed.push({
    execution: row.execution ?? turn.live.id,
    run,
    attempt,
    kind,
    workflow,
    crashes: 0,
    payload,
  })
}
