// Puts the runtime together: gate, worker, claimer, heartbeat, hints; the only place that knows all of them.
import { randomUUID } from 'node:crypto'
import { AppError } from '../core/errors.ts'
import { type ExecutionStatus, isEnded } from '../core/statuses.ts'
import type { NodeType } from '../sdk/node-type.ts'
import { openWriter, type Pool } from '../store/db.ts'
import { readStatus } from '../store/executions.ts'
import { releaseClaims } from '../store/queue.ts'
import { createClaimer } from './claimer.ts'
import { createClock } from './clock.ts'
import { createCommitter } from './committer.ts'
import type { Core, Log } from './core.ts'
import type { Engine } from './engine.ts'
import { createGate, type Gate } from './gate.ts'
import { listenForHints } from './hints.ts'
import { createIds } from './ids.ts'
import { startExecution } from './intake.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { actOnExecution, answerTask } from './operate.ts'
import { keepPresence } from './presence.ts'
import type { Services } from './services.ts'
import { takeUp } from './take-up.ts'
import { createVersions } from './versions.ts'
import { createWorker } from './worker.ts'

type Listener = Parameters<Engine['onChange']>[0]

export interface EngineOptions {
  pool: Pool
  types: ReadonlyMap<string, NodeType>
  services: Services
  log: Log
  /** Effects at once in this process; default 50. */
  concurrency?: number
  /** Default: everything. Without `worker` no effects run here, without `scheduler` no timers. */
  roles?: string[]
  limits?: Partial<Limits>
  beatMs?: number
  deadAfterMs?: number
}

export interface RunningEngine extends Engine {
  readonly core: Core
  readonly gate: Gate
  /** Stops without finishing or releasing anything, as a crash would; for tests. */
  abandon(): Promise<void>
}

const stopWithinMs = 20_000

export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const { pool, roles = ['api', 'worker', 'scheduler'] } = options
  const core = createCore(options)
  const listeners = new Set<Listener>()
  const worker = createWorker(core, () => gate, roles.includes('worker') ? (options.concurrency ?? 50) : 0)
  const hints = await listenForHints(pool, core)
  const gate: Gate = createGate(core, {
    reserve: worker.reserve,
    unreserve: worker.unreserve,
    startEffect: worker.start,
    takeUp: (row) => void takeUp(tools, row),
    abort: worker.abort,
    queued: (afterMs) => {
      claimer.poke(afterMs)
      if (afterMs < 50) hints.announceWork()
    },
    isBusy: worker.isBusy,
    changed(id, seq, status) {
      hints.announce(id, seq)
      for (const listener of listeners) listener(id, seq, status)
    },
  })
  const intake = { core, gate, ids: createIds(pool) }
  const tools = {
    core,
    gate,
    startChild: (request: Parameters<Engine['start']>[0]) => startExecution(intake, request),
  }
  const claimer = createClaimer(core, worker, {
    takeUp: (row) => takeUp(tools, row),
    effects: roles.includes('worker'),
  })
  hints.onHint((hint) => {
    if (hint.work) claimer.poke()
    for (const { id, seq } of hint.changed) {
      gate.forget(id, seq)
      for (const listener of listeners) listener(id, seq)
    }
  })
  const presence = await keepPresence(core, {
    worker,
    roles,
    orphaned: claimer.takeOverOrphans,
    ...timesOf(options),
  })

  return {
    core,
    gate,
    nodeTypes: options.types,
    start: (request) => startExecution(intake, request),
    act: (id, act, by) => actOnExecution({ core, gate }, id, { act, by }),
    answerTask: (taskId, answer, by) => answerTask({ core, gate }, taskId, { answer, by }),
    waitForEnd: (id, ms) => waitForEnd(pool, { id, ms, listeners }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      await claimer.stop()
      await Promise.race([worker.idle(), new Promise((resolve) => setTimeout(resolve, stopWithinMs).unref())])
      worker.abortAll('shutdown')
      await core.committer.idle()
      await releaseClaims(pool, core.process, [...worker.inFlight.keys()])
      await presence.stop()
      await hints.stop()
    },
    async abandon() {
      worker.abortAll('abandoned')
      await Promise.all([claimer.stop(), presence.abandon(), hints.stop()])
    },
  }
}

function timesOf(options: EngineOptions): { beatMs?: number; deadAfterMs?: number } {
  const { beatMs, deadAfterMs } = options
  return { ...(beatMs ? { beatMs } : {}), ...(deadAfterMs ? { deadAfterMs } : {}) }
}

function createCore(options: EngineOptions): Core {
  const { pool, types } = options
  const processId = randomUUID()
  return {
    pool,
    clock: createClock(),
    committer: createCommitter(openWriter(pool)),
    versions: createVersions(pool, types),
    services: options.services,
    types,
    limits: { ...defaultLimits, ...options.limits },
    process: processId,
    worker: `${process.pid}@${processId.slice(0, 8)}`,
    log: options.log,
  }
}

interface Waiting {
  id: string
  ms: number
  listeners: Set<Listener>
}

/** Hints wake the wait; the row is the truth. */
async function waitForEnd(pool: Pool, { id, ms, listeners }: Waiting): Promise<ExecutionStatus> {
  const deadline = Date.now() + ms
  for (;;) {
    let wake: () => void = () => undefined
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    const listener = (other: string): void => {
      if (other === id) wake()
    }
    listeners.add(listener)
    try {
      const row = await readStatus(pool, id)
      if (!row) throw new AppError('not-found', `There is no execution ${id}.`)
      const status = row.status as ExecutionStatus
      const left = deadline - Date.now()
      if (isEnded(status) || left <= 0) return status
      await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, Math.min(left, 1000)))])
    } finally {
      listeners.delete(listener)
    }
  }
}
