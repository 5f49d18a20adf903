// One place decides who may call what: the permission of the route, and its rule for the object named in the request.
import type { FastifyRequest } from 'fastify'
import { type Caller, grantOn, implies, isAdministrator, mayOnWorkflow } from '../access/permissions.ts'
import { AppError } from '../core/errors.ts'
import { findBatch } from '../store/batches.ts'
import type { Db } from '../store/db.ts'
import { findExecutionWorkflow } from '../store/executions-read.ts'
import { findSchedule, type ScheduleRow } from '../store/schedules.ts'
import { findTask, type TaskRow } from '../store/tasks-read.ts'
import type { Grant, ObjectRule, Permission } from './contract/route.ts'
import type { SharedReads } from './shared-reads.ts'

/** What can be decided before the request is read: signed in, and what the caller's roles may do at all. */
export function checkPermission(permission: Permission, caller: Caller | null): void {
  if (permission === 'public') return
  if (!caller) throw new AppError('unauthenticated', 'Sign in or send an API token')
  const needed = permission === 'metrics' ? 'system.view' : permission
  if (needed === 'signed-in' || caller.permissions.has(needed)) return
  throw new AppError('forbidden', `You need the permission "${needed}"`, {
    permission: needed,
    why: { key: 'lacks-permission', permission: needed },
  })
}

type Asked = Pick<FastifyRequest, 'caller' | 'params' | 'body'>

/** What depends on the object. Foreign and missing objects give the same 404. */
export async function checkObject(reads: SharedReads, rule: ObjectRule, request: Asked): Promise<void> {
  const { db } = reads
  const { caller } = request
  if (!caller) throw new AppError('unauthenticated', 'Sign in or send an API token')
  if ('task' in rule) return checkTask(db, rule.task, { caller, request })
  if ('schedule' in rule) return checkSchedule(db, rule.schedule, { caller, request })
  const { key, id } = request.params as { key?: string; id?: string }
  if ('batch' in rule) {
    const batch = await findBatch(db, id ?? '')
    return checkGrant(caller, batch?.workflow, { grant: rule.batch, what: `batch ${id}` })
  }
  switch (rule.of) {
    case 'workflow':
      return checkWorkflow(reads, caller, { key: key ?? '', ...rule })
    case 'body':
      return checkWorkflow(reads, caller, { key: (request.body as { workflow: string }).workflow, ...rule })
    case 'execution': {
      const workflow = await findExecutionWorkflow(db, id ?? '')
      checkGrant(caller, workflow, { grant: rule.grant, what: `execution ${id}` })
    }
  }
}

async function checkWorkflow(
  reads: SharedReads,
  caller: Caller,
  needs: { key: string; grant: Grant; orNew?: boolean },
): Promise<void> {
  const known = await reads.workflow(needs.key)
  const mayCreate = needs.orNew === true && caller.permissions.has('workflow.create')
  if (!known && mayCreate) return
  checkGrant(caller, known?.key, { grant: needs.grant, what: `workflow ${needs.key}` })
}

function checkGrant(
  caller: Caller,
  workflow: string | undefined,
  needs: { grant: Grant; what: string },
): void {
  const has = workflow === undefined ? undefined : grantOn(caller, workflow)
  if (!has) throw new AppError('not-found', `There is no ${needs.what}`)
  if (!implies(has, needs.grant))
    throw new AppError('forbidden', `You need the grant "${needs.grant}" on this workflow`, {
      why: { key: 'lacks-grant', grant: needs.grant },
    })
}

async function checkTask(
  db: Db,
  needs: 'view' | 'answer',
  { caller, request }: { caller: Caller; request: Asked },
): Promise<void> {
  const { id } = request.params as { id: string }
  const task = await findTask(db, id)
  if (task && mayAnswer(task, caller)) return
  if (!task || !mayOnWorkflow(caller, task.workflow, 'view'))
    throw new AppError('not-found', `There is no task ${id}`)
  if (needs === 'answer')
    throw new AppError('forbidden', 'This task is for others', { why: { key: 'task-of-others' } })
}

async function checkSchedule(
  db: Db,
  needs: 'view' | 'change',
  { caller, request }: { caller: Caller; request: Asked },
): Promise<void> {
  const { id } = request.params as { id: string }
  const row = await findSchedule(db, id)
  if (!row || !mayOnWorkflow(caller, row.workflow, 'view'))
    throw new AppError('not-found', `There is no schedule ${id}`)
  if (needs === 'change' && !mayChangeSchedule(row, caller))
    throw new AppError('forbidden', 'Only its owner and members of its role may change a schedule', {
      why: { key: 'schedule-of-others' },
    })
}

/** Its owner and the members of its role, as long as they may run the workflow. Administrators may step in. */
export function mayChangeSchedule(
  row: Pick<ScheduleRow, 'owner' | 'role' | 'workflow'>,
  caller: Caller,
): boolean {
  if (isAdministrator(caller)) return true
  if (!caller.permissions.has('schedule.manage') || !mayOnWorkflow(caller, row.workflow, 'run')) return false
  return row.owner === caller.name || (row.role !== null && caller.roles.includes(row.role))
}

/** How tasks name this user: `alice`, `role:operator` … */
export const assigneesOf = (caller: Caller): string[] => [
  caller.name,
  ...caller.roles.map((role) => `role:${role}`),
]

/** Its assignees, and for a task without any whoever may run the workflow. Administrators may step in. */
export function mayAnswer(task: Pick<TaskRow, 'assignees' | 'workflow'>, caller: Caller): boolean {
  if (isAdministrator(caller)) return true
  if (task.assignees.length === 0) return mayOnWorkflow(caller, task.workflow, 'run')
  const names = assigneesOf(caller)
  return task.assignees.some((name) => names.includes(name))
}

/** The levels a caller holds on a workflow, lowest first. */
export function grantsOf(caller: Caller, workflow: string): Grant[] {
  const has = grantOn(caller, workflow)
  return has ? (['view', 'run', 'manage'] as const).filter((grant) => implies(has, grant)) : []
}
