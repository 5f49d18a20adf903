// Values against JSON Schemas.
import { Compile, type Validator } from 'typebox/schema'
import { explainErrors, type Misfit } from './explain-errors.ts'

const validators = new WeakMap<object, Validator>()

/** Compiled once per schema; where the host forbids code from text, TypeBox checks without it. */
export function fits(schema: object, value: unknown): boolean {
  let validator = validators.get(schema)
  if (!validator) {
    validator = Compile(schema as never) as Validator
    validators.set(schema, validator)
  }
  return validator.Check(value)
}

/** Why a value does not fit; empty when it does. */
export function misfits(schema: object, value: unknown): Misfit[] {
  if (fits(schema, value)) return []
  const [, errors] = (validators.get(schema) as Validator).Errors(value)
  return explainErrors(errors)
}
