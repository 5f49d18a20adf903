import Type, { type Static } from 'typebox'
import { Missed, Notify, Overlap, ScheduleEvent } from '../../core/schedule/schedule.ts'
import { Timing } from '../../core/schedule/timing.ts'
import { executionStatuses } from '../../core/statuses.ts'
import { defineRoute } from './route.ts'
import {
  BigId,
  Cursor,
  JsonMap,
  LabeledRecord,
  Limit,
  Name,
  Nothing,
  page,
  strict,
  Time,
  Why,
  WorkflowKey,
} from './shapes.ts'

const TimeZone = Type.String({ minLength: 1, maxLength: 100 })
const ScheduleName = Type.String({ minLength: 1, maxLength: 50 })
const Kept = Type.Enum(['kept', 'fresh'])

export const Schedule = Type.Object({
  id: Type.String(),
  name: Type.String(),
  workflow: Type.String(),
  workflowTitle: Type.String(),
  version: Type.Integer(),
  /** The execution it was made from. */
  execution: Type.String(),
  target: Type.Optional(Type.Object({ collection: Type.String(), ...LabeledRecord.properties })),
  inputs: JsonMap,
  /** `kept`: the records of the execution it was made from, and no others; `fresh`: found anew at each firing. */
  bindings: Kept,
  timing: Timing,
  /** IANA name. */
  timeZone: Type.String(),
  missed: Missed,
  overlap: Overlap,
  notify: Notify,
  /** Pauses itself after so many failures in a row. */
  pauseAfter: Type.Optional(Type.Integer()),
  role: Type.Optional(Type.String()),
  state: Type.Enum(['active', 'paused']),
  /** `failures`: it paused itself. */
  pausedReason: Type.Optional(Type.String()),
  owner: Type.String(),
  nextFireAt: Type.Optional(Time),
  createdAt: Time,
  /** When its settings were changed last, and by whom. */
  updatedAt: Time,
  updatedBy: Type.Optional(Type.String()),
  /** Counts the changes of its settings. */
  seq: Type.Integer(),
  /** Its executions by how they stand. */
  counts: Type.Object({
    completed: Type.Integer(),
    failed: Type.Integer(),
    canceled: Type.Integer(),
    running: Type.Integer(),
  }),
  /** What the caller may do with it now. */
  acts: Type.Array(Type.Enum(['start', 'pause', 'edit', 'delete'])),
})
export type Schedule = Static<typeof Schedule>

export const Firing = Type.Object({
  due: Time,
  /** `started`: see the execution; the others started none. */
  status: Type.Enum(['starting', 'waiting', 'started', 'skipped', 'missed', 'refused']),
  reason: Type.Optional(Type.String()),
  why: Type.Optional(Why),
  execution: Type.Optional(Type.String()),
  executionStatus: Type.Optional(Type.Enum([...executionStatuses])),
  startedAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
})
export type Firing = Static<typeof Firing>

/** A notification: mail or webhook about one event of one firing. */
export const Message = Type.Object({
  id: Type.String(),
  due: Time,
  event: ScheduleEvent,
  way: Type.Enum(['mail', 'webhook']),
  /** Mail addresses, or one URL. */
  addresses: Type.Array(Type.String()),
  /** `open`: tried again at `nextTryAt`; `failed`: given up. */
  status: Type.Enum(['open', 'sent', 'failed']),
  tries: Type.Integer(),
  /** Why the last try failed. */
  error: Type.Optional(Type.String()),
  nextTryAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
})
export type Message = Static<typeof Message>

const bySchedule = Type.Object({ id: BigId }, strict)

const filters = {
  workflow: Type.Optional(WorkflowKey),
  state: Type.Optional(Type.Enum(['active', 'paused'])),
  owner: Type.Optional(Name),
  /** Those the caller owns or whose role the caller has. */
  mine: Type.Optional(Type.Boolean()),
  mode: Type.Optional(Type.Enum(['hourly', 'daily', 'weekly', 'monthly', 'cron'])),
  /** Created at or after. */
  createdFrom: Type.Optional(Time),
  /** Fires next before. */
  firesBefore: Type.Optional(Time),
  /** Part of the name, or of the target's label. */
  q: Type.Optional(Type.String({ maxLength: 100 })),
}

export const listSchedules = defineRoute({
  method: 'GET',
  path: '/api/v1/schedules',
  permission: 'schedule.view',
  summary: 'Schedules, newest first',
  query: Type.Object({ ...filters, cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) }, strict),
  answer: page(Schedule),
})

/** Comma separated, UTF-8; texts that a spreadsheet would take for formulas begin with an apostrophe. */
export const exportSchedules = defineRoute({
  method: 'GET',
  path: '/api/v1/schedules/export',
  permission: 'schedule.view',
  summary: 'The list of schedules as CSV, newest first',
  query: Type.Object(filters, strict),
  answer: Type.String(),
  media: 'csv',
})

export const getSchedule = defineRoute({
  method: 'GET',
  path: '/api/v1/schedules/:id',
  permission: 'schedule.view',
  object: { schedule: 'view' },
  summary: 'One schedule',
  params: bySchedule,
  answer: Schedule,
})

const settings = {
  timing: Timing,
  timeZone: TimeZone,
  /** Default `latest`. */
  missed: Type.Optional(Missed),
  /** Default `skip`. */
  overlap: Type.Optional(Overlap),
  notify: Type.Optional(Notify),
  pauseAfter: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Null()])),
  /** One of the caller's roles; its members may change the schedule too. */
  role: Type.Optional(Type.Union([Name, Type.Null()])),
}

/** Only an execution that completed can be scheduled; its version, target, inputs and bindings are kept. */
export const createSchedule = defineRoute({
  method: 'POST',
  path: '/api/v1/schedules',
  permission: 'schedule.manage',
  summary: 'Schedule an execution that completed',
  body: Type.Object(
    { name: ScheduleName, execution: BigId, bindings: Type.Optional(Kept), ...settings },
    strict,
  ),
  answer: Schedule,
  status: 201,
})

export const changeSchedule = defineRoute({
  method: 'PATCH',
  path: '/api/v1/schedules/:id',
  permission: 'schedule.manage',
  object: { schedule: 'change' },
  summary: 'Change the times and settings of a schedule',
  params: bySchedule,
  body: Type.Partial(
    Type.Object(
      {
        name: ScheduleName,
        bindings: Kept,
        ...settings,
        /** The `seq` it was made on: refused with `conflict` when another change was made since. */
        basedOn: Type.Integer({ minimum: 0 }),
      },
      strict,
    ),
  ),
  answer: Schedule,
})

const act = (path: 'start' | 'pause', summary: string) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/schedules/:id/${path}`,
    permission: 'schedule.manage',
    object: { schedule: 'change' },
    summary,
    params: bySchedule,
    body: Type.Object({}, strict),
    answer: Schedule,
  })

export const startSchedule = act('start', 'Let a paused schedule fire again')
export const pauseSchedule = act('pause', 'Keep a schedule from firing')

/** Its past executions stay. */
export const deleteSchedule = defineRoute({
  method: 'DELETE',
  path: '/api/v1/schedules/:id',
  permission: 'schedule.manage',
  object: { schedule: 'change' },
  summary: 'Delete a schedule',
  params: bySchedule,
  answer: Nothing,
})

export const listFirings = defineRoute({
  method: 'GET',
  path: '/api/v1/schedules/:id/firings',
  permission: 'schedule.view',
  object: { schedule: 'view' },
  summary: 'What became of each time it was due, latest first',
  params: bySchedule,
  query: Type.Object({ cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) }, strict),
  answer: page(Firing),
})

export const listMessages = defineRoute({
  method: 'GET',
  path: '/api/v1/schedules/:id/messages',
  permission: 'schedule.view',
  object: { schedule: 'view' },
  summary:
    'Notifications about its executions: those that have not arrived first, then the latest; at most 50',
  params: bySchedule,
  answer: Type.Object({ items: Type.Array(Message) }),
})

export const resendMessages = defineRoute({
  method: 'POST',
  path: '/api/v1/schedules/:id/messages/resend',
  permission: 'schedule.manage',
  object: { schedule: 'change' },
  summary: 'Try again now to deliver what has not arrived, also what was given up',
  params: bySchedule,
  body: Type.Object({}, strict),
  answer: Type.Object({ count: Type.Integer() }),
})

export const previewTimes = defineRoute({
  method: 'POST',
  path: '/api/v1/schedules/times',
  permission: 'schedule.view',
  summary: 'The next times at which a schedule would fire',
  body: Type.Object(
    { timing: Timing, timeZone: TimeZone, count: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })) },
    strict,
  ),
  answer: Type.Object({ times: Type.Array(Time) }),
})
