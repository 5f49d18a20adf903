// What is known of an execution while it is followed.
import type { ExecutionDetail, ExecutionHead } from '../../api/contract/executions.ts'
import type { ExecutionChange } from '../../api/contract/live.ts'
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { Task } from '../../api/contract/tasks.ts'
import type { WorkflowDocument } from '../../core/document.ts'

export interface Picture {
  head: ExecutionHead
  document: WorkflowDocument
  /** The last attempt of each run, by id. */
  runs: Map<string, NodeRun>
  /** How many records each bound run works on. */
  bound: Map<string, number>
  /** The open tasks, by run. */
  tasks: Map<string, Task>
  /** The last lines of the log of failed runs, by run and attempt. */
  logs: Map<string, string[]>
}

export function newPicture({ document, ...head }: ExecutionDetail): Picture {
  return { head, document, runs: new Map(), bound: new Map(), tasks: new Map(), logs: new Map() }
}

/** Answers the runs whose status or attempt is new. */
export function applyChange(picture: Picture, { execution, runs }: ExecutionChange): NodeRun[] {
  picture.head = execution
  return addRuns(picture, runs)
}

export function addRuns(picture: Picture, runs: readonly NodeRun[]): NodeRun[] {
  return runs.filter((run) => {
    const known = picture.runs.get(run.id)
    if (known && known.attempt > run.attempt) return false
    picture.runs.set(run.id, run)
    return known?.attempt !== run.attempt || known.status !== run.status
  })
}

export const logKey = ({ id, attempt }: Pick<NodeRun, 'id' | 'attempt'>): string => `${id}#${attempt}`
