// One place decides who may call what: the permission of the route, for the object named in the request.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/errors.ts'
import type { Db } from '../store/db.ts'
import { findExecutionWorkflow } from '../store/executions-read.ts'
import { findTask, type TaskRow } from '../store/tasks-read.ts'
import { findWorkflow } from '../store/workflows.ts'
import type { Caller } from './caller.ts'
import type { Grant, Permission } from './contract/route.ts'

/** What can be decided before the request is read: signed in, and the roles that need no object. */
export function checkRole(permission: Permission, caller: Caller | null): void {
  if (permission === 'public') return
  if (!caller) throw new AppError('unauthenticated', 'Sign in or send an API token')
  if (permission === 'admin' && !caller.isAdmin)
    throw new AppError('forbidden', 'Only administrators may do this')
  if (permission === 'design' && !caller.mayDesign)
    throw new AppError('forbidden', 'Only designers may do this')
}

/** What depends on the object. Foreign and missing objects give the same 404. */
export async function checkObject(db: Db, permission: Permission, request: FastifyRequest): Promise<void> {
  if (typeof permission === 'string' || !request.caller) return
  if ('task' in permission) return checkTask(db, permission.task, request)
  const { key, id } = request.params as { key?: string; id?: string }
  switch (permission.of) {
    case 'workflow':
      return checkWorkflow(db, request.caller, { key: key ?? '', ...permission })
    case 'body':
      return checkWorkflow(db, request.caller, {
        key: (request.body as { workflow: string }).workflow,
        ...permission,
      })
    case 'execution': {
      const workflow = await findExecutionWorkflow(db, id ?? '')
      await checkGrant(request.caller, workflow, { grant: permission.grant, what: `execution ${id}` })
    }
  }
}

async function checkWorkflow(
  db: Db,
  caller: Caller,
  needs: { key: string; grant: Grant; orNew?: boolean },
): Promise<void> {
  const known = await findWorkflow(db, needs.key)
  if (!known && needs.orNew) {
    if (caller.mayDesign) return
    throw new AppError('not-found', `There is no workflow ${needs.key}`)
  }
  await checkGrant(caller, known?.key, { grant: needs.grant, what: `workflow ${needs.key}` })
}

async function checkGrant(
  caller: Caller,
  workflow: string | undefined,
  needs: { grant: Grant; what: string },
): Promise<void> {
  const grants = workflow === undefined ? [] : await caller.grantsOn(workflow)
  if (!grants.includes('view')) throw new AppError('not-found', `There is no ${needs.what}`)
  if (!grants.includes(needs.grant))
    throw new AppError('forbidden', `You need the grant "${needs.grant}" on this workflow`)
}

async function checkTask(db: Db, needs: 'view' | 'answer', request: FastifyRequest): Promise<void> {
  const caller = request.caller as Caller
  const { id } = request.params as { id: string }
  const task = await findTask(db, id)
  if (task && (await mayAnswer(task, caller))) return
  const grants = task ? await caller.grantsOn(task.workflow) : []
  if (!grants.includes('view')) throw new AppError('not-found', `There is no task ${id}`)
  if (needs === 'answer') throw new AppError('forbidden', 'This task is for others')
}

/** Its assignees, and for a task without any whoever may run the workflow. */
export async function mayAnswer(
  task: Pick<TaskRow, 'assignees' | 'workflow'>,
  caller: Caller,
): Promise<boolean> {
  if (task.assignees.some((name) => caller.assignees.includes(name))) return true
  if (task.assignees.length > 0) return false
  return (await caller.grantsOn(task.workflow)).includes('run')
}
