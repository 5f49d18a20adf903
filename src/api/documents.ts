// A document from outside: refused unless it fits the schema, whatever its graph may be.
import { Compile, type Validator } from 'typebox/compile'
import { WorkflowDocument } from '../core/document.ts'
import { fitTo } from './validator.ts'

const schema = Compile(WorkflowDocument) as Validator

/** Throws `invalid-document` with pointers into the document. */
export function asDocument(value: unknown): WorkflowDocument {
  fitTo(schema, value, 'invalid-document')
  return value as WorkflowDocument
}
