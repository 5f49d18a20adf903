// What a request asks of the list of executions, as the store wants it.
import type { Static } from 'typebox'
import { type Caller, visibleWorkflows, workflowsWith } from '../access/permissions.ts'
import { AppError } from '../core/errors.ts'
import { type ExecutionStatus, executionStatuses } from '../core/statuses.ts'
import type { Db } from '../store/db.ts'
import type { ExecutionFilter } from '../store/executions-list.ts'
import type { Visible } from '../store/where.ts'
import { assigneesOf } from './authorize.ts'
import type { exportExecutions } from './contract/executions.ts'
import { seenExecutions } from './seen-executions.ts'
import { seenBy } from './seen-records.ts'

type Query = Static<(typeof exportExecutions)['query']>

/** Throws `bad-request` with a pointer for a status or target that is none. */
export async function filterOf(
  db: Db,
  query: Query,
  caller: Caller,
): Promise<Omit<ExecutionFilter, 'limit' | 'cursor'>> {
  const { status, target, schedule, batch, needsMe, ...rest } = query
  return {
    ...rest,
    visible: await visibleTo(db, caller, query.parent),
    ...(await seenBy(db, caller)),
    ...(status ? { status: status.split(',').map(statusOf) } : {}),
    ...(target ? { target: targetOf(target) } : {}),
    ...originOf(schedule, batch),
    ...(needsMe ? { needs: { assignees: assigneesOf(caller), runnable: workflowsWith(caller, 'run') } } : {}),
  }
}

/** What was started by one that the caller may not see is not found by it. */
async function visibleTo(db: Db, caller: Caller, parent: string | undefined): Promise<Visible> {
  const isHidden = parent !== undefined && !(await seenExecutions(db, caller, [parent])).has(parent)
  return isHidden ? [] : visibleWorkflows(caller)
}

function originOf(schedule: string | undefined, batch: string | undefined): { origin?: string } {
  if (schedule !== undefined && batch !== undefined)
    throw new AppError('bad-request', 'A schedule starts no batch: ask for one of them', {
      pointer: '/batch',
    })
  // As keys are written: without leading zeros.
  if (schedule !== undefined) return { origin: `schedule:${BigInt(schedule)}` }
  return batch === undefined ? {} : { origin: `batch:${BigInt(batch)}` }
}

function statusOf(text: string): ExecutionStatus {
  const known = executionStatuses.find((status) => status === text)
  if (!known) throw new AppError('bad-request', `${text} is no status`, { pointer: '/status' })
  return known
}

function targetOf(text: string): { collection: string; id: string } {
  const colon = text.indexOf(':')
  if (colon > 0) return { collection: text.slice(0, colon), id: text.slice(colon + 1) }
  throw new AppError('bad-request', 'A target is written collection:id', { pointer: '/target' })
}
