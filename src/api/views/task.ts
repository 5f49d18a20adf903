// Tasks as the API answers them.
import { type Caller, mayOnWorkflow } from '../../access/permissions.ts'
import type { TaskRow } from '../../store/tasks-read.ts'
import { mayAnswer } from '../authorize.ts'
import type { Task } from '../contract/tasks.ts'
import { targetView } from './execution.ts'
import { iso, isoOrNull, present } from './present.ts'

export function taskView(row: TaskRow, caller: Caller): Task {
  const answerable = row.status === 'open' && mayAnswer(row, caller)
  return present({
    id: row.id,
    kind: row.kind,
    title: row.title,
    description: row.description,
    status: row.status,
    assignees: row.assignees,
    form: row.form,
    options: row.options,
    answer: row.answer,
    execution: mayOnWorkflow(caller, row.workflow, 'view') ? row.execution : null,
    run: row.run,
    workflow: row.workflow,
    workflowTitle: row.workflowTitle ?? row.workflow,
    target: targetView(row),
    startedBy: row.startedBy,
    createdAt: iso(row.createdAt),
    dueAt: isoOrNull(row.dueAt),
    endedAt: isoOrNull(row.endedAt),
    endedBy: row.endedBy,
    acts: answerable ? taskActs(row) : [],
  })
}

/** Approvals are approved or rejected; everything else is submitted. */
export function taskActs(row: Pick<TaskRow, 'kind'>): Task['acts'] {
  return row.kind === 'approval' ? ['approve', 'reject'] : ['submit']
}
