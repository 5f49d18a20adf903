import type { Caller } from '../../access/permissions.ts'
import type { ScheduleRow } from '../../store/schedules.ts'
import { mayChangeSchedule } from '../authorize.ts'
import type { Schedule } from '../contract/schedules.ts'
import { iso, isoOrNull, present } from './present.ts'

export function scheduleView(row: ScheduleRow, caller: Caller): Schedule {
  return present({
    id: row.id,
    name: row.name,
    workflow: row.workflow,
    workflowTitle: row.workflowTitle ?? row.workflow,
    version: row.version,
    execution: row.execution,
    target: targetOf(row),
    inputs: row.inputs,
    bindings: row.bindings ? ('kept' as const) : ('fresh' as const),
    timing: row.timing,
    timeZone: row.timeZone,
    missed: row.missed,
    overlap: row.overlap,
    notify: row.notify,
    pauseAfter: row.pauseAfter,
    role: row.role,
    state: row.state,
    pausedReason: row.pausedReason,
    owner: row.owner,
    nextFireAt: row.state === 'active' ? isoOrNull(row.nextFireAt) : null,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    seq: row.seq,
    updatedBy: row.updatedBy,
    counts: row.counts,
    acts: actsOf(row, caller),
  })
}

function targetOf(row: ScheduleRow): Schedule['target'] | null {
  const { targetCollection: collection, targetId: id, targetLabel } = row
  return collection === null || id === null ? null : { collection, id, label: targetLabel ?? id }
}

function actsOf(row: ScheduleRow, caller: Caller): Schedule['acts'] {
  if (!mayChangeSchedule(row, caller)) return []
  return [row.state === 'active' ? 'pause' : 'start', 'edit', 'delete']
}
