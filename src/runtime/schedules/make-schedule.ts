// A schedule is made from an execution that completed, and from nothing else (rule 37).
import { type Caller, grantOn, implies } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Missed, Notify, Overlap } from '../../core/schedule/schedule.ts'
import type { Timing } from '../../core/schedule/timing.ts'
import type { Why } from '../../core/why.ts'
import type { Db } from '../../store/db.ts'
import { type ExecutionHeadRow, findExecution } from '../../store/executions-read.ts'
import { listBindings } from '../../store/node-runs-read.ts'
import { insertSchedule } from '../../store/schedules.ts'

export interface ScheduleSettings {
  name: string
  timing: Timing
  timeZone: string
  missed?: Missed
  overlap?: Overlap
  notify?: Notify
  pauseAfter?: number | null
  role?: string | null
  nextFireAt: number | null
}

export interface ScheduleRequest {
  execution: string
  bindings: 'kept' | 'fresh'
  caller: Caller
  settings: ScheduleSettings
}

/** Answers its id. Throws `not-found`, `forbidden` or `illegal-act` when this execution cannot be scheduled by the caller. */
export async function makeSchedule(db: Db, request: ScheduleRequest): Promise<string> {
  const { caller, settings } = request
  const row = await findSchedulable(db, request)
  return insertSchedule(db, {
    missed: 'latest',
    overlap: 'skip',
    notify: { on: [] },
    ...settings,
    pauseAfter: settings.pauseAfter ?? null,
    role: settings.role ?? null,
    state: 'active',
    workflow: row.workflow,
    version: row.version,
    execution: row.id,
    targetCollection: row.targetCollection,
    targetId: row.targetId,
    targetLabel: row.targetLabel,
    inputs: row.inputs ?? {},
    bindings: request.bindings === 'kept' ? await keptBindings(db, row.id) : null,
    ownerId: caller.user,
    owner: caller.name,
  })
}

async function findSchedulable(db: Db, { execution, caller }: ScheduleRequest): Promise<ExecutionHeadRow> {
  const at = { pointer: '/execution' }
  const row = await findExecution(db, execution)
  const has = row && grantOn(caller, row.workflow)
  if (!row || !has) throw new AppError('not-found', `There is no execution ${execution}`, at)
  if (!implies(has, 'run'))
    throw new AppError('forbidden', 'You may not run this workflow', {
      ...at,
      why: { key: 'lacks-grant', grant: 'run' },
    })
  const refusal = whyNot(row)
  if (refusal) throw new AppError('illegal-act', refusal.detail, { ...at, why: refusal.why })
  return row
}

interface Refusal {
  detail: string
  why: Why
}

function whyNot({ status, test, parentId, workflow }: ExecutionHeadRow): Refusal | undefined {
  if (status !== 'completed')
    return {
      detail: 'Only an execution that completed can be scheduled.',
      why: { key: 'only-completed', status },
    }
  if (test) return { detail: 'A test of a draft cannot be scheduled.', why: { key: 'test-not-scheduled' } }
  if (parentId !== null)
    return {
      detail: 'A sub-workflow runs only within another one.',
      why: { key: 'sub-workflow-alone', workflow },
    }
  return undefined
}

/** The records each node worked on, as far as they were chosen at the start. */
export async function keptBindings(db: Db, execution: string): Promise<Record<string, string[]>> {
  const rows = await listBindings(db, execution)
  return Object.fromEntries(
    rows.filter(({ mode }) => mode === 'start').map(({ run, records }) => [run, records]),
  )
}
