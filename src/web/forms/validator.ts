// JSON Schema validation for forms by TypeBox: the server's own rules, and no code made from text, which the
// content security policy of the console forbids (and Ajv needs).
import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils'
import { toErrorList } from '@rjsf/utils'
import { Check, Errors } from 'typebox/schema'
import { explainErrors } from '../../core/validate/explain-errors.ts'

/** Errors by field; what is required and absent is told at the field, not at its parent. */
export function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  const [valid, errors] = Errors(schema, data ?? undefined)
  if (valid) return []
  return explainErrors(errors).map(({ pointer, message, why }) => ({
    name: why?.key ?? 'invalid',
    message,
    property: pointer.replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
    params: why,
    stack: message,
  }))
}

interface ErrorNode {
  __errors?: string[]
  [field: string]: ErrorNode | string[] | undefined
}

function errorSchemaOf(errors: readonly RJSFValidationError[]): ErrorSchema {
  const root: ErrorNode = {}
  for (const error of errors) {
    let node = root
    for (const part of (error.property ?? '').split('.').filter(Boolean)) {
      node[part] ??= {}
      node = node[part] as ErrorNode
    }
    node.__errors = [...(node.__errors ?? []), error.message ?? '']
  }
  return root as ErrorSchema
}

export const formValidator: ValidatorType = {
  // The form library decides on five parameters.
  validateFormData(...[data, schema, , transform, uiSchema]) {
    const found = errorsOf(schema, data)
    const errorSchema = errorSchemaOf(transform ? transform(found, uiSchema) : found)
    return { errors: toErrorList(errorSchema), errorSchema }
  },
  isValid: (schema, data) => Check(schema, data),
  rawValidation: <R>(schema: RJSFSchema, data?: unknown) => ({ errors: errorsOf(schema, data) as R[] }),
}
