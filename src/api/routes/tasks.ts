import { type Caller, principalOf, visibleWorkflows, workflowsWith } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { Engine } from '../../runtime/engine.ts'
import type { Db } from '../../store/db.ts'
import { findTask, listTasks, type TaskRow, type TaskViewer } from '../../store/tasks-read.ts'
import { assigneesOf } from '../authorize.ts'
import { checkPort, checkValues } from '../check-answer.ts'
import * as contract from '../contract/tasks.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { withSeenTargets } from '../seen-records.ts'
import { taskActs, taskView } from '../views/task.ts'

interface Deps {
  db: Db
  engine: Engine
}

export function taskRoutes(deps: Deps): BoundRoute[] {
  const { db } = deps
  return [
    handle(contract.listTasks, async ({ query: { box, limit, ...query }, caller }) => {
      const filter = { ...query, box: box ?? 'mine', viewer: viewerOf(caller), limit: limit ?? 50 }
      const { items, ...rest } = await listTasks(db, filter)
      const shown = await withSeenTargets(db, caller, items)
      return { items: shown.map((row) => taskView(row, caller)), ...rest }
    }),
    handle(contract.getTask, ({ params, caller }) => view(db, params.id, caller)),
    handle(contract.submitTask, ({ params, body, caller }) =>
      answer(deps, { id: params.id, act: 'submit', caller }, (task) => submitted(task, body)),
    ),
    handle(contract.approveTask, ({ params, body, caller }) =>
      answer(deps, { id: params.id, act: 'approve', caller }, () => verdict(true, body)),
    ),
    handle(contract.rejectTask, ({ params, body, caller }) =>
      answer(deps, { id: params.id, act: 'reject', caller }, () => verdict(false, body)),
    ),
  ]
}

const viewerOf = (caller: Caller): TaskViewer => ({
  name: caller.name,
  assignees: assigneesOf(caller),
  viewable: visibleWorkflows(caller),
  runnable: workflowsWith(caller, 'run'),
})

async function requireTask(db: Db, id: string): Promise<TaskRow> {
  const row = await findTask(db, id)
  if (!row) throw new AppError('not-found', `There is no task ${id}`)
  return row
}

async function view(db: Db, id: string, caller: Caller): Promise<contract.Task> {
  const task = await requireTask(db, id)
  const [shown = task] = await withSeenTargets(db, caller, [task])
  return taskView(shown, caller)
}

type Body = Call<typeof contract.submitTask>['body']

/** A form's values, or the branch taken with a comment. */
function submitted(task: TaskRow, { values, port, reason }: Body): Answer {
  if (task.kind === 'choice')
    return { port: checkPort(task, port), output: reason === undefined ? {} : { comment: reason } }
  const output = checkValues(task, values)
  return output === undefined ? {} : { output }
}

/** What the node type's `resume` receives of an approval. */
function verdict(approved: boolean, body: { values?: Json; reason?: string }): Answer {
  const values = isJsonObject(body.values ?? null) ? (body.values as object) : {}
  const comment = body.reason === undefined ? {} : { comment: body.reason }
  return { output: { ...values, ...comment, approved }, port: approved ? 'approve' : 'reject' }
}

interface Answer {
  output?: Json
  port?: string
}

async function answer(
  { db, engine }: Deps,
  { id, act, caller }: { id: string; act: contract.Task['acts'][number]; caller: Caller },
  answerOf: (task: TaskRow) => Answer,
) {
  const task = await requireTask(db, id)
  if (task.status !== 'open')
    throw new AppError('illegal-act', 'This task has been ended already', {
      why: { key: 'task-closed' },
    })
  if (!taskActs(task).includes(act))
    throw new AppError('illegal-act', `Nobody can ${act} a ${task.kind} task`)
  await engine.answerTask(id, answerOf(task), principalOf(caller))
  return view(db, id, caller)
}
