// What the dialog of a schedule holds while it is filled in.
import type { Schedule } from '../../../api/contract/schedules.ts'
import type { Missed, Overlap, ScheduleEvent } from '../../../core/schedule/schedule.ts'
import type { Timing } from '../../../core/schedule/timing.ts'

export const missedWays = ['latest', 'skip', 'all'] as const
export const overlapWays = ['skip', 'queue', 'cancel', 'allow'] as const
export const recordWays = ['kept', 'fresh'] as const
export const events = ['completed', 'failed', 'waiting'] as const

export interface Draft {
  execution: string | undefined
  name: string
  timing: Timing
  timeZone: string
  missed: Missed
  overlap: Overlap
  bindings: Schedule['bindings']
  pauseAfter: number | null
  role: string | null
  on: ScheduleEvent[]
  to: ('owner' | 'role')[]
  mail: string[]
  webhook: string
}

/** What the dialog was filled with: a schedule as it was then, or what a new one begins with. */
export interface Opened {
  draft: Draft
  seq: number
}

interface Beginning {
  execution: string | undefined
  name: string
}

export const openedWith = (
  schedule: Schedule | undefined,
  beginning: Beginning = { execution: undefined, name: '' },
): Opened => ({ draft: draftOf(schedule, beginning), seq: schedule?.seq ?? 0 })

function draftOf(schedule: Schedule | undefined, { execution, name }: Beginning): Draft {
  return {
    execution: schedule?.execution ?? execution,
    name: schedule?.name ?? name,
    timing: schedule?.timing ?? { mode: 'daily', at: '02:00' },
    timeZone: schedule?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    missed: schedule?.missed ?? 'latest',
    overlap: schedule?.overlap ?? 'skip',
    bindings: schedule?.bindings ?? 'kept',
    pauseAfter: schedule?.pauseAfter ?? null,
    role: schedule?.role ?? null,
    on: schedule?.notify.on ?? [],
    to: schedule?.notify.to ?? [],
    mail: schedule?.notify.mail ?? [],
    webhook: schedule?.notify.webhook ?? '',
  }
}

export function bodyOf({ name, mail, webhook, on, to, execution: _execution, ...draft }: Draft) {
  const url = webhook.trim()
  const notify = {
    on,
    ...(to.length > 0 ? { to } : {}),
    ...(mail.length > 0 ? { mail } : {}),
    ...(url === '' ? {} : { webhook: url }),
  }
  return { ...draft, name: name.trim(), notify }
}

/** What each field of the dialog is called. */
export const fieldNames = {
  execution: 'schedules.execution',
  name: 'schedules.name',
  timing: 'schedules.times',
  timeZone: 'schedules.timeZone',
  missed: 'schedules.missed',
  overlap: 'schedules.overlap',
  bindings: 'schedules.records',
  pauseAfter: 'schedules.pauseAfter',
  role: 'schedules.role',
  on: 'schedules.notifyOn',
  to: 'schedules.mailTo',
  mail: 'schedules.mail',
  webhook: 'schedules.webhook',
} as const satisfies Record<keyof Draft, string>

export function changedFields(before: Draft, after: Draft): (keyof Draft)[] {
  const keys = Object.keys(fieldNames) as (keyof Draft)[]
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}

/** The present state with what was typed into it since `opened`. */
export function withTyped(present: Draft, opened: Draft, typed: Draft): Draft {
  const mine = changedFields(opened, typed).map((key) => [key, typed[key]])
  return { ...present, ...(Object.fromEntries(mine) as Partial<Draft>) }
}
