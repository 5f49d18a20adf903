// Fields of a resolved config: a template may have given any JSON where the document has a text.
import Type, { type TSchemaOptions, type TString } from 'typebox'
import type { Json } from '../core/json.ts'

/** A config field that is a template and gives a value of another type: `{{ inputs.count }}`. */
export const TemplateField = (options: TSchemaOptions = {}): TString =>
  Type.String({ ...options, pattern: '\\{\\{' })

/** The value as text: lists and maps as JSON; undefined for null and nothing. */
export function readText(value: Json | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A list of texts: an item that is a list itself is spliced in, empty ones are left out. */
export function readTexts(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => (Array.isArray(item) ? readTexts(item) : (readText(item) ?? [])))
}
