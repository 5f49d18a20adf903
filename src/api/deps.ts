// What the API is given by the composition root.
import type { WorkflowDocument } from '../core/document.ts'
import type { Problem } from '../core/errors.ts'

/** Reads what documents are checked against (node types, collections) and answers the check. */
export type CheckDocument = () => Promise<(document: WorkflowDocument) => Problem[]>
