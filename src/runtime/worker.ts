// Runs effects: within the capacity of this process, under the policy's timeout, abortable, and reported once.
import type { RunEvent } from '../core/event.ts'
import type { ClaimedRow } from '../store/queue.ts'
import type { LogRow } from '../store/save.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Live, Message } from './live.ts'
import { callNode, failure } from './run-node.ts'
import type { Effect } from './turn.ts'

export interface Worker {
  /** Takes one place for an effect about to be claimed; false when all are taken. */
  reserve(): boolean
  /** Gives a reserved place back that was not used after all. */
  unreserve(): void
  /** Takes a place even when none is free: work of a dead process does not wait. */
  force(): void
  readonly free: number
  readonly inFlight: ReadonlyMap<string, InFlight>
  start(live: Live, effect: Effect): void
  /** Rows claimed from the queue; their places have been reserved. */
  startClaimed(row: ClaimedRow): Promise<void>
  abort(execution: string, run: { run: string; attempt: number }): void
  isBusy(execution: string): boolean
  /** Aborts everything that is still running. */
  abortAll(reason: string): void
  idle(): Promise<void>
}

export interface InFlight {
  execution: string
  run: string
  attempt: number
  abort: AbortController
  /** Aborted from outside: its result is of no interest. */
  lost: boolean
}

/** An effect that lasts longer than this gets its row while it runs: input, start, worker, log so far. */
const showAfterMs = 50
const logEveryMs = 500
const maxCrashes = 3

export function createWorker(core: Core, gateOf: () => Gate, capacity: number): Worker {
  let taken = 0
  const inFlight = new Map<string, InFlight>()
  const perExecution = new Map<string, number>()
  const idleCallbacks: (() => void)[] = []

  function count(execution: string, by: number): void {
    const left = (perExecution.get(execution) ?? 0) + by
    if (left > 0) perExecution.set(execution, left)
    else perExecution.delete(execution)
  }

  async function run(live: Live, effect: Effect): Promise<void> {
    const key = `${live.id} ${effect.run} ${effect.attempt}`
    const flight: InFlight = {
      execution: live.id,
      run: effect.run,
      attempt: effect.attempt,
      abort: new AbortController(),
      lost: false,
    }
    inFlight.set(key, flight)
    count(live.id, 1)
    try {
      const message = await perform(core, gateOf(), { live, effect, flight })
      if (!flight.lost) await gateOf().send(live.id, message)
    } catch (error) {
      core.log.error(
        { err: error, execution: live.id, run: effect.run },
        'The result of a node run was not saved',
      )
    } finally {
      inFlight.delete(key)
      count(live.id, -1)
      taken--
      if (inFlight.size === 0) for (const call of idleCallbacks.splice(0)) call()
    }
  }

  async function startClaimed(row: ClaimedRow): Promise<void> {
    try {
      const live = await gateOf().open(row.execution)
      const payload = (row.payload ?? {}) as { group?: number; config?: Effect['config'] }
      const { run: id, attempt, crashes } = row
      const node = live.version.nodes.get(
        id
          .replace(/\[[^\]]*\]$/, '')
          .split('/')
          .at(-1) ?? '',
      )
      const mayRepeat = crashes === 0 || (node?.type?.idempotent === true && crashes < maxCrashes)
      if (!mayRepeat) {
        taken--
        await gateOf().send(row.execution, interrupted(row))
        return
      }
      const group = payload.group ?? attempt
      const config = payload.config ? { config: payload.config } : {}
      await beginDelayed(gateOf(), live, row)
      await run(live, { run: id, node: node?.document.id ?? id, attempt, group, crashes, ...config })
    } catch (error) {
      taken--
      core.log.error(
        { err: error, execution: row.execution, run: row.run },
        'A claimed node run could not start',
      )
    }
  }

  return {
    reserve() {
      if (taken >= capacity) return false
      taken++
      return true
    },
    unreserve() {
      taken--
    },
    force() {
      taken++
    },
    get free() {
      return capacity - taken
    },
    inFlight,
    start: (live, effect) => void run(live, effect),
    startClaimed,
    abort(execution, { run: id, attempt }) {
      const flight = inFlight.get(`${execution} ${id} ${attempt}`)
      if (!flight) return
      flight.lost = true
      flight.abort.abort(new Error('stopped'))
    },
    isBusy: (execution) => perExecution.has(execution),
    abortAll(reason) {
      for (const flight of inFlight.values()) {
        flight.lost = true
        flight.abort.abort(new Error(reason))
      }
    },
    idle: () =>
      inFlight.size === 0 ? Promise.resolve() : new Promise((resolve) => idleCallbacks.push(resolve)),
  }
}

/** A delayed attempt becomes `running` when it is taken up. */
async function beginDelayed(gate: Gate, live: Live, row: ClaimedRow): Promise<void> {
  const run = live.state.runs[row.run]
  if (run?.status !== 'retrying' || run.attempt !== row.attempt) return
  await gate.send(live.id, { event: { type: 'began', run: row.run, attempt: row.attempt } })
}

/** The process that ran it is gone: whether the effect happened is not known (rules 22 and 26). */
function interrupted(row: ClaimedRow): Message {
  const poison = row.crashes >= maxCrashes
  const code = poison ? 'poison' : 'interrupted'
  const message = poison
    ? `This run was interrupted ${row.crashes} times and is not tried again by itself.`
    : 'The process that ran this went away. The effect may have happened: check before you retry.'
  return {
    event: {
      type: 'failed',
      run: row.run,
      attempt: row.attempt,
      kind: 'error',
      ...(poison ? { final: true } : {}),
    },
    facts: { error: { kind: 'error', code, message } },
  }
}

interface Performance {
  live: Live
  effect: Effect
  flight: InFlight
}

async function perform(core: Core, gate: Gate, performance: Performance): Promise<Message> {
  const { live, effect, flight } = performance
  const { run, attempt, group, config } = effect
  const logs: LogRow[] = []
  const unseen = effect.crashes === undefined
  const claim = { run, attempt, live, generation: live.generation }
  const watch = watchRun(core, gate, { ...performance, logs })
  const timeoutMs = live.version.graph.nodes.get(effect.node)?.policy.timeoutMs
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => flight.abort.abort(timedOut), timeoutMs)
  try {
    const work = callNode(core, live, {
      run,
      attempt,
      group,
      kind: 'run',
      signal: flight.abort.signal,
      logs,
      onInput: watch.input,
      ...(config ? { config } : {}),
    })
    const message = await Promise.race([work, whenAborted(flight)])
    if (message === timedOut) return { ...timeoutMessage({ run, attempt }, timeoutMs ?? 0), claim }
    if (message instanceof Error) return { ...failure({ run, attempt }, {}, message), claim }
    live.records.clear()
    return {
      ...message,
      claim,
      facts: { ...message.facts, logs: watch.unwritten(), unseen: unseen && watch.unseen() },
    }
  } finally {
    clearTimeout(timer)
    watch.stop()
  }
}

const timedOut = new Error('timed out')

function whenAborted(flight: InFlight): Promise<Error> {
  const { signal } = flight.abort
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason as Error), { once: true })
  })
}

function timeoutMessage(at: { run: string; attempt: number }, timeoutMs: number): Message {
  const event: RunEvent = { type: 'timed-out', ...at }
  const message = `Not done within ${timeoutMs} ms.`
  return { event, facts: { error: { kind: 'timed-out', code: 'timeout', message } } }
}

interface Watch {
  input(input: string): void
  /** No row has been written for this attempt. */
  unseen(): boolean
  /** Log lines no save has taken yet. */
  unwritten(): LogRow[]
  stop(): void
}

/** Shows a run that lasts: its row after a moment, its log as it grows. One save each, through the gate. */
function watchRun(core: Core, gate: Gate, of: Performance & { logs: LogRow[] }): Watch {
  const startedAt = Math.round(core.clock.now())
  const { live, effect, logs } = of
  let input: string | undefined
  let written = 0
  let shown = false
  const show = (): void => {
    if (shown && written === logs.length) return
    shown = true
    const fresh = logs.slice(written)
    written = logs.length
    const { run, attempt, node } = effect
    const row = {
      run,
      attempt,
      node,
      status: 'running',
      startedAt,
      worker: core.worker,
      ...(input ? { input } : {}),
    }
    void gate.send(live.id, { note: row, facts: { logs: fresh } }).catch(() => undefined)
  }
  const first = setTimeout(show, showAfterMs)
  const rest = setInterval(show, logEveryMs)
  return {
    input: (text) => {
      input = text
    },
    unseen: () => !shown,
    unwritten: () => logs.slice(written),
    stop: () => {
      clearTimeout(first)
      clearInterval(rest)
    },
  }
}
