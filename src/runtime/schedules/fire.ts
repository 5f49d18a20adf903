// Starts the execution of one firing, with the rights its owner has now.
import { loadCaller } from '../../access/callers.ts'
import { type Caller, mayOnWorkflow, principalOf } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import {
  type FiringToStart,
  markFiring,
  markStarted,
  type Overlapping,
  readOverlaps,
  type StartedFiring,
} from '../../store/firings.ts'
import type { Principal } from '../engine.ts'
import { together } from '../together.ts'
import type { SchedulerParts } from './start-scheduler.ts'

/** With `queue`: more than so many are left out. */
const mostWaiting = 10

/** What starting the firings of one look shares. */
interface Round extends SchedulerParts {
  /** By id of the owner: read once, however many schedules are theirs. */
  owners: Map<string, Promise<Caller | undefined>>
  started: StartedFiring[]
  /** Of a schedule. */
  overlap(schedule: string): Promise<Overlapping | undefined>
}

/** Never throws: a firing that cannot start now is taken again by whoever looks next. */
export async function fireAll(parts: SchedulerParts, firings: readonly FiringToStart[]): Promise<void> {
  const overlap = together((schedules: readonly string[]) => readOverlaps(parts.pool, schedules))
  const round: Round = { ...parts, owners: new Map(), started: [], overlap }
  const bySchedule = Map.groupBy(firings, ({ schedule }) => schedule)
  await Promise.all(
    [...bySchedule.values()].map(async (own) => {
      // In their order, each seeing the one before.
      for (const firing of own.sort((one, other) => one.due - other.due)) {
        await fire(round, firing)
        if (own.length > 1 && firing.overlap !== 'allow') await markAll(round)
      }
    }),
  )
  await markAll(round)
}

async function markAll(round: Round): Promise<void> {
  const started = round.started.splice(0)
  if (started.length === 0) return
  // Not marked: started again by whoever looks next, under the same key, and found.
  await markStarted(round.pool, started).catch((error: unknown) =>
    round.log.warn({ err: error }, 'That schedules started could not be written; trying again'),
  )
}

async function fire(round: Round, firing: FiringToStart): Promise<void> {
  try {
    const by = await ownerOf(round, firing)
    if (await isInTheWay(round, firing, by)) return
    const { id } = await round.engine.start({
      workflow: firing.workflow,
      version: firing.version,
      inputs: firing.inputs,
      trigger: 'schedule',
      dedupKey: `schedule:${firing.schedule}:${firing.due}`,
      by,
      ...(firing.target ? { target: firing.target } : {}),
      ...(firing.bindings ? { bindings: firing.bindings } : {}),
    })
    round.started.push({ schedule: firing.schedule, due: firing.due, execution: id })
  } catch (error) {
    await refuse(round, firing, error)
  }
}

async function refuse({ pool, log }: SchedulerParts, firing: FiringToStart, error: unknown): Promise<void> {
  const about = { err: error, schedule: firing.schedule, workflow: firing.workflow }
  if (!(error instanceof AppError) || error.code === 'unavailable') {
    log.warn(about, 'A schedule could not start its execution; trying again')
    return
  }
  log.warn(about, 'A schedule was refused its execution')
  const refused = { status: 'refused', reason: error.message, why: error.details.why } as const
  await markFiring(pool, firing, refused).catch((failure: unknown) =>
    log.warn({ ...about, err: failure }, 'That a schedule was refused could not be written; trying again'),
  )
}

async function ownerOf(
  { pool, owners }: Round,
  { ownerId, owner, workflow }: FiringToStart,
): Promise<Principal> {
  const known = owners.get(ownerId) ?? loadCaller(pool, ownerId)
  owners.set(ownerId, known)
  const caller = await known
  if (!caller)
    throw new AppError('forbidden', `Its owner ${owner} is gone or disabled.`, {
      why: { key: 'owner-gone', owner },
    })
  if (!caller.permissions.has('execution.start') || !mayOnWorkflow(caller, workflow, 'run')) {
    throw new AppError('forbidden', `Its owner ${owner} may not run ${workflow} any more.`, {
      why: { key: 'owner-may-not', owner, workflow },
    })
  }
  return principalOf(caller)
}

/** Whether an earlier execution of the schedule keeps this one from starting now; what becomes of it is written. */
async function isInTheWay(
  { pool, engine, overlap }: Round,
  firing: FiringToStart,
  by: Principal,
): Promise<boolean> {
  if (firing.overlap === 'allow') return false
  const { live = [], waiting = 0 } = (await overlap(firing.schedule)) ?? {}
  if (live.length === 0) return false
  const first = live[0] ?? ''
  if (firing.overlap === 'cancel') {
    const reason = `superseded: ${firing.name} started again`
    for (const id of live) await engine.act(id, { type: 'terminate', reason }, by).catch(ignoreEnded)
    return false
  }
  const isFull = waiting >= mostWaiting
  const waits = firing.overlap === 'queue' && !isFull
  const reason = isFull ? `${waiting} firings wait already` : `execution ${first} has not ended`
  const why = isFull
    ? ({ key: 'too-many-wait', limit: mostWaiting } as const)
    : ({ key: 'still-runs', execution: first } as const)
  await markFiring(pool, firing, { status: waits ? 'waiting' : 'skipped', reason, why })
  return true
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'illegal-act')) throw error
}
