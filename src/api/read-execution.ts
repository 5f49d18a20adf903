// An execution with its document, as one caller sees it.
import { type Caller, mayOnWorkflow } from '../access/permissions.ts'
import type { WorkflowDocument } from '../core/document.ts'
import { AppError } from '../core/errors.ts'
import type { ExecutionHeadRow } from '../store/executions-read.ts'
import type { ExecutionHead } from './contract/executions.ts'
import { asSeen } from './seen-executions.ts'
import type { SharedReads } from './shared-reads.ts'
import { headView } from './views/execution.ts'

export interface SeenExecution {
  row: ExecutionHeadRow
  /** An empty one should its version be gone. */
  document: WorkflowDocument
  head: ExecutionHead
  /** The caller may act on it. */
  mayRun: boolean
}

/** Throws `not-found`. Whether the caller may see it is decided before. */
export async function readExecution(reads: SharedReads, id: string, caller: Caller): Promise<SeenExecution> {
  const row = await reads.execution(id)
  if (!row) throw new AppError('not-found', `There is no execution ${id}`)
  const document = (await reads.document(row)) ?? emptyDocument(row.workflow)
  const mayRun = caller.permissions.has('execution.act') && mayOnWorkflow(caller, row.workflow, 'run')
  const [shown = row] = await asSeen(reads.db, caller, [row])
  return { row, document, mayRun, head: headView(shown, { document, mayRun }) }
}

const emptyDocument = (key: string): WorkflowDocument => ({
  ...{ format: 'fermata/1', key, title: key, nodes: [], edges: [] },
})
