import { audit } from '../../access/audit.ts'
import { type Caller, mayOnWorkflow, visibleWorkflows } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { nextFires } from '../../core/schedule/next-fire.ts'
import { isTimeZone } from '../../core/schedule/time-zone.ts'
import type { Timing } from '../../core/schedule/timing.ts'
import { keptBindings, makeSchedule } from '../../runtime/schedules/make-schedule.ts'
import { type Db, sqlState } from '../../store/db.ts'
import { type FiringRow, listFirings } from '../../store/firings-read.ts'
import { listMessages, type MessageRow, resendMessages } from '../../store/messages.ts'
import {
  changeSettings,
  type Edit,
  findSchedule,
  listSchedules,
  readNow,
  removeSchedule,
  type ScheduleChange,
  type ScheduleFilter,
  type ScheduleRow,
  updateSchedule,
} from '../../store/schedules.ts'
import * as contract from '../contract/schedules.ts'
import { type BoundRoute, type Call, handle, handleRaw } from '../handler.ts'
import { csvOfSchedules } from '../schedules-csv.ts'
import { seenBy, withSeenTargets } from '../seen-records.ts'
import { iso, isoOrNull, present } from '../views/present.ts'
import { scheduleView } from '../views/schedule.ts'

export function scheduleRoutes({ db, closing }: { db: Db; closing: AbortSignal }): BoundRoute[] {
  return [
    handle(contract.listSchedules, async ({ query: { limit, cursor, ...query }, caller }) => {
      const asked = await filterOf(db, query, caller)
      const filter = { ...asked, ...(cursor ? { cursor } : {}), limit: limit ?? 50 }
      const { items, ...rest } = await listSchedules(db, filter)
      const shown = await withSeenTargets(db, caller, items)
      return { items: shown.map((row) => scheduleView(row, caller)), ...rest }
    }),
    handleRaw(contract.exportSchedules, async ({ query, caller, reply }) => {
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="schedules.csv"')
      return csvOfSchedules(db, await filterOf(db, query, caller), { caller, closing })
    }),
    handle(contract.previewTimes, async ({ body }) => {
      const { timing, timeZone, count = 10 } = body
      return {
        times: (await timesOf(db, timing, { timeZone, count })).map((at) => new Date(at).toISOString()),
      }
    }),
    handle(contract.createSchedule, (call) => create(db, call)),
    handle(contract.getSchedule, ({ params, caller }) => view(db, params.id, caller)),
    handle(contract.changeSchedule, (call) => change(db, call)),
    handle(contract.startSchedule, (call) => start(db, call)),
    handle(contract.pauseSchedule, ({ params, caller }) =>
      write(db, { id: params.id, caller, action: 'schedule.pause' }, { state: 'paused' }),
    ),
    handle(contract.deleteSchedule, ({ params, caller }) =>
      db.transaction(async (tx) => {
        await removeSchedule(tx, params.id)
        await audit(tx, { by: caller.name, action: 'schedule.delete', object: `schedule:${params.id}` })
        return {}
      }),
    ),
    handle(contract.listFirings, async ({ params, query: { cursor, limit }, caller }) => {
      const filter = { schedule: params.id, limit: limit ?? 50, ...(cursor ? { cursor } : {}) }
      const { items, ...rest } = await listFirings(db, filter)
      const { target } = await view(db, params.id, caller)
      const { targetId } = await requireSchedule(db, params.id)
      // Why nothing was started may name the target.
      const isHidden = targetId !== null && target === undefined
      return { items: items.map((row) => firingView(row, isHidden)), ...rest }
    }),
    handle(contract.listMessages, async ({ params }) => ({
      items: (await listMessages(db, params.id, mostMessages)).map(messageView),
    })),
    handle(contract.resendMessages, async ({ params, caller }) => {
      const count = await resendMessages(db, params.id)
      await audit(db, { by: caller.name, action: 'schedule.resend', object: `schedule:${params.id}` })
      return { count }
    }),
  ]
}

const mostMessages = 50

type Query = NonNullable<Call<typeof contract.exportSchedules>['query']>

async function filterOf(
  db: Db,
  { mine, ...query }: Query,
  caller: Caller,
): Promise<Omit<ScheduleFilter, 'limit' | 'cursor'>> {
  return {
    ...query,
    visible: visibleWorkflows(caller),
    ...(await seenBy(db, caller)),
    ...(mine ? { mine: { ownerId: caller.user, roles: caller.roles } } : {}),
  }
}

const messageView = ({ due, nextTryAt, endedAt, ...row }: MessageRow): contract.Message =>
  present({
    ...row,
    due: iso(due),
    nextTryAt: row.status === 'open' ? iso(nextTryAt) : null,
    endedAt: isoOrNull(endedAt),
  })

const firingView = (row: FiringRow, isHidden: boolean): contract.Firing =>
  present({
    due: iso(row.due),
    status: row.status,
    reason: isHidden ? null : row.reason,
    why: isHidden ? null : row.why,
    execution: row.execution,
    executionStatus: row.executionStatus as contract.Firing['executionStatus'] | null,
    startedAt: isoOrNull(row.startedAt),
    endedAt: isoOrNull(row.endedAt),
  })

async function requireSchedule(db: Db, id: string): Promise<ScheduleRow> {
  const row = await findSchedule(db, id)
  if (!row) throw new AppError('not-found', `There is no schedule ${id}`)
  return row
}

async function view(db: Db, id: string, caller: Caller): Promise<contract.Schedule> {
  const row = await requireSchedule(db, id)
  const [shown = row] = await withSeenTargets(db, caller, [row])
  return scheduleView(shown, caller)
}

/** Throws `invalid-timing` for a zone that does not exist, or times that never come. */
async function timesOf(
  db: Db,
  timing: Timing,
  given: { timeZone: string; count: number },
): Promise<number[]> {
  if (!isTimeZone(given.timeZone)) {
    const detail = `There is no time zone ${given.timeZone}; names are like Europe/Berlin.`
    throw new AppError('invalid-timing', detail, {
      pointer: '/timeZone',
      why: { key: 'unknown-time-zone', zone: given.timeZone },
    })
  }
  const times = nextFires(timing, given.timeZone, { after: await readNow(db), count: given.count })
  if (times.length > 0) return times
  throw new AppError('invalid-timing', 'These times never come.', {
    pointer: '/timing',
    why: { key: 'never-fires' },
  })
}

const nextOf = async (db: Db, timing: Timing, timeZone: string): Promise<number | null> =>
  (await timesOf(db, timing, { timeZone, count: 1 }))[0] ?? null

async function create(db: Db, { body, caller }: Call<typeof contract.createSchedule>) {
  const { execution, bindings = 'kept', ...settings } = body
  checkRole(caller, settings.role)
  const nextFireAt = await nextOf(db, settings.timing, settings.timeZone)
  const id = await named(settings.name, () =>
    db.transaction(async (tx) => {
      const made = await makeSchedule(tx, {
        execution,
        bindings,
        caller,
        settings: { ...settings, nextFireAt },
      })
      await audit(tx, { by: caller.name, action: 'schedule.create', object: `schedule:${made}` })
      return made
    }),
  )
  return view(db, id, caller)
}

async function change(db: Db, { params, body, caller }: Call<typeof contract.changeSchedule>) {
  const row = await requireSchedule(db, params.id)
  const { bindings, basedOn, ...settings } = body
  checkRole(caller, settings.role)
  const { timing = row.timing, timeZone = row.timeZone } = settings
  const isTimed = settings.timing !== undefined || settings.timeZone !== undefined
  const changed: ScheduleChange = {
    ...settings,
    ...(isTimed ? { nextFireAt: await nextOf(db, timing, timeZone) } : {}),
    ...(bindings ? { bindings: bindings === 'kept' ? await keptBindings(db, row.execution) : null } : {}),
  }
  const edit = { by: caller.name, basedOn }
  return write(db, { id: params.id, caller, action: 'schedule.change', edit }, changed)
}

/** Counts its failures anew and goes on from now: what it missed while it was paused is nobody's wish. */
async function start(db: Db, { params, caller }: Call<typeof contract.startSchedule>) {
  const row = await requireSchedule(db, params.id)
  const nextFireAt = await nextOf(db, row.timing, row.timeZone)
  const action = 'schedule.start'
  if (row.state === 'active') return view(db, row.id, caller)
  const started = { state: 'active', pausedReason: null, failures: 0, nextFireAt } as const
  return write(db, { id: params.id, caller, action }, started)
}

async function write(
  db: Db,
  what: { id: string; caller: Caller; action: string; edit?: Edit },
  changed: ScheduleChange,
): Promise<contract.Schedule> {
  await named(changed.name ?? '', () =>
    db.transaction(async (tx) => {
      if (what.edit) await changeSettings(tx, what.id, { ...changed, ...what.edit })
      else await updateSchedule(tx, what.id, changed)
      await audit(tx, { by: what.caller.name, action: what.action, object: `schedule:${what.id}` })
    }),
  )
  return view(db, what.id, what.caller)
}

async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw new AppError('already-exists', 'A schedule has this name already.', {
      pointer: '/name',
      why: { key: 'name-taken', name },
    })
  }
}

function checkRole(caller: Caller, role: string | null | undefined): void {
  if (!role || caller.roles.includes(role) || mayOnWorkflow(caller, '*', 'manage')) return
  throw new AppError('forbidden', `You do not have the role ${role}.`, {
    pointer: '/role',
    why: { key: 'lacks-role', role },
  })
}
