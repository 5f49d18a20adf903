// JSON Schema validation for forms by TypeBox: the server's own rules, and no code made from text, which the
// content security policy of the console forbids (and Ajv needs).
import type { ErrorSchema, RJSFSchema, RJSFValidationError, ValidatorType } from '@rjsf/utils'
import { toErrorList } from '@rjsf/utils'
import { Check, Errors } from 'typebox/schema'

interface Located {
  instancePath: string
  keyword: string
  message: string
  params: object
}

/** Errors by field; what is required and absent is told at the field, not at its parent. */
export function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  const [, errors] = Errors(schema, data ?? undefined)
  return errors.flatMap(({ instancePath, keyword, message, params }: Located) =>
    missingOf(params).map((missing) => ({
      name: keyword,
      message,
      property: [...instancePath.split('/').slice(1), ...missing].map((part) => `.${part}`).join(''),
      params,
      stack: message,
    })),
  )
}

function missingOf(params: object): string[][] {
  const missing = 'requiredProperties' in params ? params.requiredProperties : undefined
  return Array.isArray(missing) && missing.length > 0 ? missing.map((name) => [String(name)]) : [[]]
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
