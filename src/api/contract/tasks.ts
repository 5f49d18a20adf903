import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { BigId, Cursor, JsonMap, JsonValue, Limit, page, Reason, strict, Time } from './shapes.ts'

export const Task = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['manual', 'approval', 'choice']),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  status: Type.Enum(['open', 'done', 'canceled']),
  /** User names and `role:<name>`; empty: whoever may run the workflow. */
  assignees: Type.Array(Type.String()),
  /** JSON Schema of the answer. */
  form: Type.Optional(JsonMap),
  /** With `choice`: the ports to choose from. */
  options: Type.Optional(Type.Array(Type.String())),
  answer: Type.Optional(JsonValue),
  /** Absent for those who may answer it and not see what asks. */
  execution: Type.Optional(Type.String()),
  run: Type.String(),
  workflow: Type.String(),
  workflowTitle: Type.String(),
  target: Type.Optional(Type.Object({ collection: Type.String(), id: Type.String(), label: Type.String() })),
  startedBy: Type.String(),
  createdAt: Time,
  dueAt: Type.Optional(Time),
  endedAt: Type.Optional(Time),
  endedBy: Type.Optional(Type.String()),
  /** What the caller may do with it now. */
  acts: Type.Array(Type.Enum(['submit', 'approve', 'reject'])),
})
export type Task = Static<typeof Task>

const byTask = Type.Object({ id: BigId }, strict)

export const listTasks = defineRoute({
  method: 'GET',
  path: '/api/v1/tasks',
  permission: 'task.view',
  summary: 'Tasks, newest first',
  query: Type.Object(
    {
      /** `mine`: named to me or one of my roles, or open to whoever may run the workflow (default); `done`: ended by me; `all`: all I may see. */
      box: Type.Optional(Type.Enum(['mine', 'done', 'all'])),
      status: Type.Optional(Type.Enum(['open', 'done', 'canceled'])),
      execution: Type.Optional(BigId),
      cursor: Type.Optional(Cursor),
      limit: Type.Optional(Limit),
    },
    strict,
  ),
  answer: page(Task),
})

export const getTask = defineRoute({
  method: 'GET',
  path: '/api/v1/tasks/:id',
  permission: 'task.view',
  object: { task: 'view' },
  summary: 'One task',
  params: byTask,
  answer: Task,
})

/** Answers a manual task with its form's values, or a choice with the port taken. */
export const submitTask = defineRoute({
  method: 'POST',
  path: '/api/v1/tasks/:id/submit',
  permission: 'task.answer',
  object: { task: 'answer' },
  summary: 'Submit the form, or the branch chosen',
  params: byTask,
  body: Type.Object(
    {
      values: Type.Optional(JsonValue),
      port: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      reason: Type.Optional(Reason),
    },
    strict,
  ),
  answer: Task,
})

const verdict = (act: 'approve' | 'reject', summary: string) =>
  defineRoute({
    method: 'POST',
    path: `/api/v1/tasks/:id/${act}`,
    permission: 'task.answer',
    object: { task: 'answer' },
    summary,
    params: byTask,
    body: Type.Object({ values: Type.Optional(JsonValue), reason: Type.Optional(Reason) }, strict),
    answer: Task,
  })

export const approveTask = verdict('approve', 'Approve')
export const rejectTask = verdict('reject', 'Reject')
