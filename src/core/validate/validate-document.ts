// Whether a document can be run, the same in the browser and on the server (rule 7 of the engine).
import type { WorkflowDocument } from '../document.ts'
import type { Problem } from '../errors.ts'
import { checkBindings, checkTarget } from './binding.ts'
import { checkConfigs, checkTypes } from './config.ts'
import { checkContainers } from './containers.ts'
import { openCheck, type ValidateContext } from './context.ts'
import { checkDurations } from './durations.ts'
import { checkEdges, checkIds, checkLayout } from './edges.ts'
import { checkHeadTexts, checkNodeTexts } from './expressions.ts'
import { checkCycles, readLinks } from './graph.ts'
import { checkInputsSchema } from './inputs.ts'
import { readOrder } from './order.ts'
import { checkPorts } from './ports.ts'
import { checkCalls } from './recursion.ts'
import { checkRisk } from './risk.ts'
import { checkRunOn } from './run-on.ts'
import { checkShape } from './shape.ts'

export interface Validation {
  /** Present when the shape is right, whatever else is wrong. */
  document?: WorkflowDocument
  /** Empty when the document may be published. At most 200; pointers are JSON pointers into the document. */
  problems: Problem[]
}

/** Never throws, whatever it is given. A draft may be saved with problems, but not without a `document`. */
export function validateDocument(value: unknown, context: ValidateContext): Validation {
  const problems = checkShape(value)
  if (problems.length > 0) return { problems }
  const document = value as WorkflowDocument
  return { document, problems: checkDocument(document, context) }
}

/** The complaints about a document whose shape is right. */
export function checkDocument(document: WorkflowDocument, context: ValidateContext): Problem[] {
  const check = openCheck(document, context)
  checkTarget(check)
  checkInputsSchema(check)
  checkDurations(check)
  checkRunOn(check)
  checkRisk(check)
  checkIds(check)
  checkTypes(check)
  checkContainers(check)
  checkEdges(check)
  const links = readLinks(check)
  checkCycles(check, links)
  checkPorts(check, links)
  const order = readOrder(check, links)
  checkConfigs(check)
  checkBindings(check, order)
  checkHeadTexts(check)
  checkNodeTexts(check, order)
  checkCalls(check)
  checkLayout(check)
  return check.problems
}
