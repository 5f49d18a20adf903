// Runs effects: within the places of this process, abortable, each reported once and until it is known.
import type { ClaimedRow } from '../store/queue.ts'
import { admitEffect } from './admit-effect.ts'
import type { Core } from './core.ts'
import type { Gate } from './gate.ts'
import type { Live } from './live.ts'
import { idsOf } from './log-turn.ts'
import { perform } from './perform.ts'
import type { Places } from './places.ts'
import { reportResult } from './report-result.ts'
import type { Effect } from './turn.ts'
import { createTurnover } from './turnover.ts'

export interface Worker {
  readonly inFlight: ReadonlyMap<string, InFlight>
  /** Starts an effect whose place was taken and whose dispatch is committed. */
  start(live: Live, effect: Effect): void
  /** A row claimed from the queue, with a place. Resolves when there is nothing more to do for it; never rejects. */
  startClaimed(row: ClaimedRow): Promise<void>
  abort(execution: string, run: { run: string; attempt: number }): void
  isBusy(execution: string): boolean
  /** Aborts everything that is still running. */
  abortAll(reason: string): void
}

export interface InFlight {
  execution: string
  workflow: string
  run: string
  attempt: number
  /** Those its row counted when it was claimed. */
  crashes: number
  abort: AbortController
  /** Aborted from outside: its result is of no interest. */
  lost: boolean
}

export function createWorker(core: Core, gateOf: () => Gate, places: Places): Worker {
  const inFlight = createTurnover<string, InFlight>()
  const perExecution = createTurnover<string, number>()

  /** Keeps row and execution at hand until the returned function is called. */
  function keep(row: { execution: string; run: string; attempt: number }): () => void {
    const { execution } = row
    const key = { ...row, kind: 'run' as const }
    core.hands.take(key)
    perExecution.set(execution, (perExecution.get(execution) ?? 0) + 1)
    return () => {
      core.hands.drop(key)
      const left = (perExecution.get(execution) ?? 1) - 1
      if (left > 0) perExecution.set(execution, left)
      else perExecution.delete(execution)
      if (left === 0) gateOf().rest(execution)
    }
  }

  async function run(live: Live, effect: Effect): Promise<void> {
    const { run: id, attempt, rowCrashes: crashes = 0 } = effect
    const { workflow } = live.version
    const abort = new AbortController()
    const flight = { execution: live.id, workflow, run: id, attempt, crashes, abort, lost: false }
    const key = `${live.id} ${id} ${attempt}`
    const release = keep(flight)
    inFlight.set(key, flight)
    let isKnown = true
    try {
      const message = await performOurs(core, gateOf(), { live, effect, flight }).finally(() =>
        places.give(live.version.workflow),
      )
      if (message) isKnown = await reportResult(core, gateOf(), { flight, message })
    } finally {
      inFlight.delete(key)
      // What has run and could not be reported stays in hand: nobody may run it again.
      if (isKnown) release()
    }
  }

  async function claimed(row: ClaimedRow): Promise<void> {
    const release = keep(row)
    try {
      const admitted = await admitEffect(core, gateOf(), row)
      if (admitted) return run(admitted.live, admitted.effect)
      places.give(row.workflow)
    } catch (error) {
      places.give(row.workflow)
      core.log.warn({ err: error, ...idsOf(row) }, 'A claimed effect could not start')
    } finally {
      release()
    }
  }

  return {
    inFlight,
    start: (live, effect) => void run(live, effect),
    startClaimed: claimed,
    abort: (execution, { run: id, attempt }) =>
      lose(inFlight.get(`${execution} ${id} ${attempt}`), 'stopped'),
    isBusy: (execution) => perExecution.has(execution),
    abortAll(reason) {
      for (const flight of inFlight.values()) lose(flight, reason)
    },
  }
}

function lose(flight: InFlight | undefined, reason: string): void {
  if (!flight) return
  flight.lost = true
  flight.abort.abort(new Error(reason))
}

/** Undefined when the claim was lost before the effect began: it is somebody else's now. */
async function performOurs(
  core: Core,
  gate: Gate,
  of: { live: Live; effect: Effect; flight: InFlight },
): Promise<Awaited<ReturnType<typeof perform>> | undefined> {
  const { live, effect, flight } = of
  if (core.clock.silentMs() > core.deadAfterMs / 2 && !(await isStillOurs(core, flight))) return undefined
  return perform(core, gate, { live, effect, abort: flight.abort })
}

/** After a long silence, such as a stopped machine, others may have taken this process for dead. */
async function isStillOurs(core: Core, flight: InFlight): Promise<boolean> {
  try {
    return await core.reads.holdsClaim(flight)
  } catch (error) {
    core.log.warn(
      { err: error, ...idsOf(flight) },
      'Whether an effect is still ours is not known; it does not start',
    )
    return false
  }
}
