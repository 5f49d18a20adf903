// The filter a workflow puts on its target: CEL over `record`.
import { evaluateExpression, parseExpression } from '../core/expression/expression.ts'
import type { RecordValue } from '../sdk/node-type.ts'

/** A filter that fails on a record refuses that record. Throws `invalid-expression` when it does not parse. */
export function targetFilter(filter: string | undefined): (record: RecordValue) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true
  const expression = parseExpression(filter)
  return (record) => {
    try {
      return evaluateExpression(expression, { record }) === true
    } catch {
      return false
    }
  }
}
