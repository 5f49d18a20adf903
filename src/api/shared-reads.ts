// What many requests ask for at the same moment is read by one statement: a commit answers many starts at once.
import type { WorkflowDocument } from '../core/document.ts'
import { together } from '../runtime/together.ts'
import type { Db } from '../store/db.ts'
import { type ExecutionHeadRow, findExecutions } from '../store/executions-read.ts'
import { findDocuments } from '../store/versions.ts'
import { findWorkflow, type WorkflowRow } from '../store/workflows.ts'
import { askTogether } from './ask-together.ts'

/** Never out of date: every answer is to a question put after it was asked for. */
export interface SharedReads {
  db: Db
  execution(id: string): Promise<ExecutionHeadRow | undefined>
  document(version: VersionName): Promise<WorkflowDocument | undefined>
  workflow(key: string): Promise<WorkflowRow | undefined>
}

interface VersionName {
  workflow: string
  version: number
}

export function createSharedReads(db: Db): SharedReads {
  return {
    db,
    execution: together((ids) => findExecutions(db, ids)),
    document: together((versions) => documentsOf(db, versions)),
    workflow: askTogether((key) => findWorkflow(db, key)),
  }
}

async function documentsOf(
  db: Db,
  versions: readonly VersionName[],
): Promise<(WorkflowDocument | undefined)[]> {
  const nameOf = ({ workflow, version }: VersionName) => `${workflow} ${version}`
  const wanted = new Map(versions.map((version) => [nameOf(version), version]))
  const rows = await findDocuments(db, [...wanted.values()])
  const found = new Map(rows.map((row) => [nameOf(row), row.document]))
  return versions.map((version) => found.get(nameOf(version)))
}
