// Label templates: `{name} ({env})`, or the key of one field.
import { type FieldType, keyPattern } from '../core/collections.ts'

export type LabelPart = { text: string } | { field: string }

/** Types whose text does not depend on settings of the session: PostgreSQL computes labels itself. */
export const labelTypes: readonly FieldType[] = ['text', 'select', 'integer', 'number', 'boolean']

const bare = new RegExp(keyPattern)

export function parseLabel(label: string): LabelPart[] {
  if (bare.test(label)) return [{ field: label }]
  return label
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('{') && part.endsWith('}') ? { field: part.slice(1, -1) } : { text: part },
    )
}

export function labelFields(label: string): string[] {
  return parseLabel(label).flatMap((part) => ('field' in part ? [part.field] : []))
}
