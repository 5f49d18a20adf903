// Puts the runtime together: gate, worker, claimer, heartbeat, hints; the only place that knows all of them.
import { randomUUID } from 'node:crypto'
import { AppError } from '../core/errors.ts'
import { compileRiskRules, type RiskRule } from '../core/risk-rules.ts'
import type { ExecutionStatus } from '../core/statuses.ts'
import type { NodeType } from '../sdk/node-type.ts'
import type { Pool } from '../store/db.ts'
import { openWriter, type Writer } from '../store/writer.ts'
import { createClaimer } from './claimer.ts'
import { createClock } from './clock.ts'
import { createCommitter, isTransient } from './committer.ts'
import type { Consequences } from './conclude.ts'
import { confirmRisks } from './confirm-risks.ts'
import { type Core, type Log, nameOfProcess } from './core.ts'
import type { Engine } from './engine.ts'
import { createGate, type Gate } from './gate.ts'
import { createHands } from './hands.ts'
import { type Hints, listenForHints } from './hints.ts'
import { createIds } from './ids.ts'
import { startExecution } from './intake.ts'
import { createLanes, type LaneOptions } from './lanes.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { createFigures, type Figures } from './metrics/figures.ts'
import { addEngineGauges, addPoolGauges, addProcessGauges } from './metrics/process-gauges.ts'
import { createNotedTargets } from './noted-targets.ts'
import { actOnExecution, answerTask } from './operate.ts'
import { createPacking } from './packing.ts'
import { createPlaces, type Places } from './places.ts'
import { defaultDeadAfterMs, keepPresence } from './presence.ts'
import { createReads } from './reads.ts'
import type { Services } from './services.ts'
import { abandonEngine, type Parts, stopEngine } from './stop-engine.ts'
import { createTakeUps } from './take-up.ts'
import type { Traces } from './traces/traces.ts'
import { createVersions } from './versions.ts'
import { type Listener, waitForEnd } from './wait-for-end.ts'
import { createWorker, type Worker } from './worker.ts'

export interface EngineOptions extends LaneOptions {
  pool: Pool
  /** For the save statement alone; default: two connections of its own. Closed with the engine. */
  writer?: Writer
  types: ReadonlyMap<string, NodeType>
  services: Services
  log: Log
  /** Effects at once in this process; default 50. */
  concurrency?: number
  /** Default: everything. Without `worker` no effects run here, without `scheduler` no timers. */
  roles?: string[]
  limits?: Partial<Limits>
  /** Of the installation, besides those of the node types. */
  riskRules?: readonly RiskRule[]
  beatMs?: number
  deadAfterMs?: number
  /** How long effects under way may go on after `stop`; default 19 s. */
  finishWithinMs?: number
  /** Counts what happens; default: its own. */
  figures?: Figures
  traces?: Traces
  /** Of the program; shown with the process. */
  version?: string
}

export interface RunningEngine extends Engine {
  readonly core: Core
  readonly gate: Gate
  /** Stops without finishing or releasing anything, as a crash would; for tests. */
  abandon(): Promise<void>
}

export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const { roles = ['api', 'worker', 'scheduler'] } = options
  const core = createCore(options)
  const listeners = new Set<Listener>()
  const hasWorker = roles.includes('worker')
  const places = createPlaces(hasWorker ? (options.concurrency ?? 50) : 0, () => claimer.placeFreed())
  const worker = createWorker(core, () => gate, places)
  const hints = await listenForHints(core.pool, core)
  const gate: Gate = createGate(core, {
    ...consequencesFor({ core, places, worker, hints, listeners }),
    takeUp: (row) => takeUps.start(row),
    startEffect(live, effect) {
      worker.start(live, effect)
      claimer.stayAwake()
    },
    queued(afterMs) {
      claimer.poke(afterMs)
      if (afterMs < 50) hints.announceWork()
    },
  })
  const intake = { core, gate, ids: createIds(core.pool) }
  const takeUps = createTakeUps({ core, gate, startChild: (request) => startExecution(intake, request) })
  const claimer = createClaimer(core, {
    worker,
    places,
    takeUp: takeUps.start,
    effects: hasWorker,
    timers: roles.includes('scheduler'),
  })
  hints.onHint((hint) => {
    if (hint.work) claimer.poke()
    for (const { id, seq } of hint.changed) {
      gate.forget(id, seq)
      tell(core, listeners, { id, seq })
      if (worker.isBusy(id)) claimer.checkSoon()
    }
  })
  const { beatMs } = options
  const presence = await keepPresence(core, {
    roles,
    tags: [...(options.tags ?? [])],
    untagged: options.untagged ?? true,
    version: options.version ?? '',
    capacity: places.capacity,
    running: () => worker.inFlight.size,
    company: hints.company,
    upkeep: claimer.upkeep,
    ...(beatMs === undefined ? {} : { beatMs }),
  })
  addEngineGauges(core.figures.registry, {
    running: () => worker.inFlight.size,
    capacity: places.capacity,
    inMemory: () => gate.size,
    savesWaiting: () => core.committer.waiting,
  })
  claimer.poke()
  await hints.greet()
  const { finishWithinMs } = options
  const parts: Parts = { core, worker, places, claimer, presence, hints, finishWithinMs }
  return { ...engineOf({ core, gate, intake, hints, listeners }), ...endsOf(parts), nodeTypes: options.types }
}

interface Tools {
  core: Core
  gate: Gate
  intake: Parameters<typeof startExecution>[0]
  hints: Hints
  listeners: Set<Listener>
}

type Ends = Pick<RunningEngine, 'stop' | 'abandon'>

function engineOf({
  core,
  gate,
  intake,
  hints,
  listeners,
}: Tools): Omit<RunningEngine, keyof Ends | 'nodeTypes'> {
  return {
    core,
    gate,
    figures: core.figures,
    process: core.process,
    start: (request) => available(startExecution(intake, request)),
    act: (id, act, by) => available(actOnExecution({ core, gate }, id, { act, by })),
    confirm: (id, given, by) => available(confirmRisks({ core, gate }, id, { ...given, by })),
    answerTask: (taskId, answer, by) => available(answerTask({ core, gate }, taskId, { answer, by })),
    waitForEnd: (id, ms) => waitForEnd(core.pool, listeners, { id, ms }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onLook: hints.onLook,
  }
}

/** A database that is away is nobody's mistake, and worth another try. */
async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isTransient(error)) throw error
    throw new AppError('unavailable', 'The database cannot be reached at the moment; try again.', {
      cause: error,
    })
  }
}

function endsOf(parts: Parts): Ends {
  let ended: Promise<void> | undefined
  return {
    stop() {
      ended ??= stopEngine(parts)
      return ended
    },
    abandon() {
      ended ??= abandonEngine(parts)
      return ended
    },
  }
}

interface Informed {
  core: Core
  places: Places
  worker: Worker
  hints: Hints
  listeners: Set<Listener>
}

function consequencesFor({
  core,
  places,
  worker,
  hints,
  listeners,
}: Informed): Omit<Consequences, 'takeUp' | 'startEffect' | 'queued'> {
  return {
    reserve: places.take,
    unreserve: places.give,
    abort: worker.abort,
    isBusy: worker.isBusy,
    changed(id, seq, status) {
      hints.announce(id, seq)
      tell(core, listeners, { id, seq, status })
    },
  }
}

/** Who listens must not disturb what is told. */
function tell(
  core: Core,
  listeners: Set<Listener>,
  change: { id: string; seq: number; status?: ExecutionStatus },
): void {
  for (const listener of listeners) {
    try {
      listener(change.id, change.seq, change.status)
    } catch (error) {
      core.log.error({ err: error, execution: change.id }, 'A listener failed')
    }
  }
}

function createCore(options: EngineOptions): Core {
  const { pool, types } = options
  const processId = randomUUID()
  const worker = nameOfProcess(process.pid, processId)
  const { figures = createFigures() } = options
  const writer = options.writer ?? openWriter(pool)
  addPoolGauges(figures.registry, { main: pool, writer })
  addProcessGauges(figures.registry)
  return {
    pool,
    clock: createClock(),
    committer: createCommitter(writer, figures),
    reads: createReads(pool, processId),
    hands: createHands(),
    versions: createVersions(pool, types),
    targets: createNotedTargets(pool),
    services: options.services,
    types,
    limits: { ...defaultLimits, ...options.limits },
    findRisks: compileRiskRules(options.riskRules ?? []),
    lanes: createLanes(options),
    packing: createPacking(),
    process: processId,
    worker,
    deadAfterMs: options.deadAfterMs ?? defaultDeadAfterMs,
    figures,
    ...(options.traces ? { traces: options.traces } : {}),
    // Of its own: the names under which node runs tell who ran them.
    log: options.log.child?.({ process: worker }) ?? options.log,
  }
}
