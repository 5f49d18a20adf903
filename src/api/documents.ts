// A document from outside: refused unless it fits the schema, whatever its graph may be.
import type { WorkflowDocument } from '../core/document.ts'
import { AppError, type Problem } from '../core/errors.ts'
import { checkShape } from '../core/validate/shape.ts'

/** Reads what documents are checked against (node types, collections) and answers the check. */
export type CheckDocument = () => Promise<(document: WorkflowDocument) => Problem[]>

/** Throws `invalid-document` with pointers into the document. */
export function asDocument(value: unknown): WorkflowDocument {
  const problems = checkShape(value)
  const [first] = problems
  if (!first) return value as WorkflowDocument
  const { pointer, message } = first
  throw new AppError('invalid-document', `${pointer || 'The document'}: ${message}`, { pointer, problems })
}
