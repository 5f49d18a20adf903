// The complaints of a JSON Schema in plain words: unions speak once, surplus and missing fields by their own pointer.
import type { TLocalizedValidationError } from 'typebox/error'
import type { Why } from '../why.ts'
import { pointerPart } from './context.ts'

export interface Misfit {
  /** Pointer below the value that was checked. */
  pointer: string
  message: string
  why?: Why
}

/** At least one, each told once. */
export function explainErrors(errors: readonly TLocalizedValidationError[]): Misfit[] {
  const found = explain(errors, '')
  const unique = new Map(found.map((misfit) => [`${misfit.pointer} ${misfit.message}`, misfit]))
  return unique.size > 0 ? [...unique.values()] : [{ pointer: '', message: 'does not fit its schema' }]
}

type SchemaError = TLocalizedValidationError
const unionPart = /\/(anyOf|oneOf)\/(\d+)/

/** `under`: the schema path of the arm looked into. */
function explain(errors: readonly SchemaError[], under: string): Misfit[] {
  const unions = new Map<string, SchemaError[]>()
  const plain: SchemaError[] = []
  for (const error of errors) {
    const union = unionOf(error, under)
    if (union === undefined) plain.push(error)
    else unions.set(union, [...(unions.get(union) ?? []), error])
  }
  const own = plain.filter((error) => !(isUnion(error) && unions.has(error.schemaPath)))
  const overall = new Map(plain.filter(isUnion).map((error) => [error.schemaPath, error]))
  return [
    ...own.flatMap(explainOne),
    ...[...unions].flatMap(([path, arms]) => explainUnion(path, arms, overall.get(path))),
  ]
}

const isUnion = (error: SchemaError) => error.keyword === 'anyOf' || error.keyword === 'oneOf'

/** The schema path of the outermost union below `under` that the error comes from. */
function unionOf(error: SchemaError, under: string): string | undefined {
  const match = unionPart.exec(error.schemaPath.slice(under.length))
  return match ? error.schemaPath.slice(0, under.length + match.index) : undefined
}

function explainUnion(path: string, errors: SchemaError[], overall: SchemaError | undefined): Misfit[] {
  const arms = new Map<string, SchemaError[]>()
  for (const error of errors) {
    const arm = path + (unionPart.exec(error.schemaPath.slice(path.length))?.[0] ?? '')
    arms.set(arm, [...(arms.get(arm) ?? []), error])
  }
  const at = overall?.instancePath ?? shortest(errors.map((error) => error.instancePath))
  const deeper = [...arms].filter(([, found]) => found.every((error) => isDeeper(error, at)))
  const [only] = deeper
  if (only && deeper.length === 1) return explain(only[1], only[0])
  const wanted = errors.flatMap((error) => (error.instancePath === at ? wish(error) : []))
  const list = [...new Set(wanted)]
  return [{ pointer: at, message: list.length > 0 ? `expected ${list.join(' or ')}` : 'fits no form' }]
}

/** A surplus field is a slip within an arm, not a sign that the arm is the wrong one. */
const isDeeper = (error: SchemaError, at: string) =>
  error.instancePath.length > at.length || error.keyword === 'additionalProperties'

const shortest = (paths: readonly string[]): string =>
  paths.reduce((best, path) => (path.length < best.length ? path : best))

function explainOne(error: SchemaError): Misfit[] {
  const { instancePath: at } = error
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        ...field(at, name, 'is missing'),
        why: { key: 'value-missing' },
      }))
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({
        ...field(at, name, 'is not known here'),
        why: { key: 'value-unknown' },
      }))
    case 'boolean':
      return []
    case 'oneOf':
      return [{ pointer: at, message: 'fits more than one form; only one is allowed' }]
    default: {
      const [wanted] = wish(error)
      const why = whyOf(error)
      return [
        { pointer: at, message: wanted ? `expected ${wanted}` : error.message, ...(why ? { why } : {}) },
      ]
    }
  }
}

const field = (at: string, name: string, what: string): Misfit => ({
  pointer: `${at}/${pointerPart(name)}`,
  message: `${name} ${what}`,
})

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
}

const durations = '(ms|s|m|h|d|w)$'
const written = '\\S'

/** Patterns that people meet, in words. */
const patternWords: readonly [fragment: string, words: string][] = [
  [durations, 'a duration such as 30s, 5m or 2h'],
  ['\\{\\{', 'a template {{ … }}'],
  ['[a-z][a-zA-Z0-9_-]{0,62}$', 'a name of letters, digits, - and _ that starts with a small letter'],
  ['[a-z][a-z0-9-]{0,62}$', 'a name of small letters, digits and - that starts with a letter'],
]

function pattern(text: string): string {
  if (text === written) return 'a text that is not empty'
  const known = patternWords.find(([fragment]) => text.includes(fragment))
  return known ? known[1] : `a text that matches ${text}`
}

/** What stood there if it were right. */
function wish(error: SchemaError): string[] {
  switch (error.keyword) {
    case 'type':
      return [
        [error.params.type]
          .flat()
          .map((type) => typeWords[type] ?? type)
          .join(' or '),
      ]
    case 'pattern':
      return [pattern(String(error.params.pattern))]
    case 'enum':
      return [error.params.allowedValues.map(String).join(', ')]
    case 'const':
      return [String(error.params.allowedValue)]
    case 'required':
      return [error.params.requiredProperties.join(' and ')]
    case 'minLength':
      return [
        error.params.limit === 1 ? 'a text that is not empty' : `${error.params.limit} characters or more`,
      ]
    case 'maxLength':
      return [`${error.params.limit} characters at most`]
    case 'minItems':
      return [`${error.params.limit} items or more`]
    case 'maxItems':
      return [`${error.params.limit} items at most`]
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return [`a number ${error.params.comparison} ${error.params.limit}`]
    default:
      return []
  }
}

function whyOf(error: SchemaError): Why | undefined {
  switch (error.keyword) {
    case 'type':
      return { key: 'value-type', type: [error.params.type].flat().join() }
    case 'enum':
      return { key: 'value-other', allowed: error.params.allowedValues.map(String).join(', ') }
    case 'const':
      return { key: 'value-other', allowed: String(error.params.allowedValue) }
    case 'pattern':
      return whyNotPattern(String(error.params.pattern))
    case 'format':
      return { key: 'value-format', format: error.params.format }
    default: {
      const key = limitKeys[error.keyword]
      return key && 'limit' in error.params ? { key, limit: Number(error.params.limit) } : undefined
    }
  }
}

const limitKeys: Partial<Record<string, LimitKey>> = {
  minLength: 'value-short',
  maxLength: 'value-long',
  minItems: 'value-few',
  maxItems: 'value-many',
  minimum: 'value-low',
  maximum: 'value-high',
  exclusiveMinimum: 'value-not-above',
  exclusiveMaximum: 'value-not-below',
}
type LimitKey = `value-${'short' | 'long' | 'few' | 'many' | 'low' | 'high' | 'not-above' | 'not-below'}`

function whyNotPattern(pattern: string): Why {
  if (pattern === written) return { key: 'value-missing' }
  return pattern.includes(durations) ? { key: 'value-duration' } : { key: 'value-pattern', pattern }
}
