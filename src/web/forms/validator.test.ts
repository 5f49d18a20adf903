import type { RJSFSchema } from '@rjsf/utils'
import { describe, expect, it } from 'vitest'
import { errorsOf, formValidator } from './validator.ts'

const schema: RJSFSchema = {
  type: 'object',
  required: ['reason', 'owner'],
  properties: {
    reason: { type: 'string', minLength: 3 },
    minutes: { type: 'integer', minimum: 5 },
    owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  },
}

describe('errorsOf', () => {
  it('tells what is missing at the field itself', () => {
    const properties = errorsOf(schema, { minutes: 10 }).map((error) => [error.property, error.name])
    expect(properties).toEqual([
      ['.reason', 'value-missing'],
      ['.owner', 'value-missing'],
    ])
  })

  it('finds what is wrong at any depth', () => {
    const errors = errorsOf(schema, { reason: 'ab', minutes: 1, owner: {} })
    expect(errors.map((error) => error.property).sort()).toEqual(['.minutes', '.owner.name', '.reason'])
    expect(errors.every((error) => error.message)).toBe(true)
  })

  it('accepts what fits', () => {
    expect(errorsOf(schema, { reason: 'because', owner: { name: 'li' } })).toEqual([])
  })
})

describe('formValidator', () => {
  it('answers errors by field, as the form draws them', () => {
    const { errorSchema, errors } = formValidator.validateFormData({ owner: {} }, schema)
    expect(errorSchema).toMatchObject({
      reason: { __errors: [expect.any(String)] },
      owner: { name: { __errors: [expect.any(String)] } },
    })
    expect(errors).toHaveLength(2)
  })

  it('lets the form put errors in its own words', () => {
    const { errorSchema } = formValidator.validateFormData(
      { owner: { name: 'li' } },
      schema,
      undefined,
      (errors) => errors.map((error) => ({ ...error, message: 'Fill this in' })),
    )
    expect(errorSchema).toMatchObject({ reason: { __errors: ['Fill this in'] } })
  })

  it('decides between alternatives', () => {
    expect(formValidator.isValid(schema, { reason: 'because', owner: { name: 'li' } }, schema)).toBe(true)
    expect(formValidator.isValid(schema, {}, schema)).toBe(false)
  })
})
