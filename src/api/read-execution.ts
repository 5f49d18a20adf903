// An execution with its document, as one caller sees it.
import { type Caller, mayOnWorkflow } from '../access/permissions.ts'
import type { WorkflowDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { Db } from '../store/db.ts'
import { type ExecutionHeadRow, findExecution } from '../store/executions-read.ts'
import type { ExecutionHead } from './contract/executions.ts'
import { withSeenTargets } from './seen-records.ts'
import { documentOf, headView } from './views/execution.ts'

export interface SeenExecution {
  row: ExecutionHeadRow
  document: WorkflowDocument
  head: ExecutionHead
  /** The caller may act on it. */
  mayRun: boolean
}

/** Throws `not-found`. Whether the caller may see it is decided before. */
export async function readExecution(db: Db, id: string, caller: Caller): Promise<SeenExecution> {
  const row = await findExecution(db, id)
  if (!row) throw new AppError('not-found', `There is no execution ${id}`)
  const document = await documentOf(db, row)
  const mayRun = caller.permissions.has('execution.act') && mayOnWorkflow(caller, row.workflow, 'run')
  const [shown = row] = await withSeenTargets(db, caller, [row])
  return { row, document, mayRun, head: headView(shown, { document, mayRun }) }
}
