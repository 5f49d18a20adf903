// A row of a collection's table as a record value.
import type { CollectionSchema, FieldType } from '../core/collections.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { RecordValue } from '../sdk/node-type.ts'

/**
 * `row` is the table's row as JSON (`to_jsonb`). The value has `id`, `label`, `collection`, every field,
 * `<relation>` with the other record's id for each many-to-one, `created_at` and `updated_at`. What is empty is null.
 */
export function recordValue(collection: CollectionSchema, row: JsonObject): RecordValue {
  const value: RecordValue = {
    id: String(row.id),
    label: String(row.label),
    collection: collection.key,
  }
  for (const { key, type } of collection.fields) value[key] = fieldValue(type, row[key] ?? null)
  for (const { kind, name } of collection.relations) {
    if (kind === 'many-to-one') value[name] = row[`${name}_id`] ?? null
  }
  value.created_at = fieldValue('datetime', row.created_at ?? null)
  value.updated_at = fieldValue('datetime', row.updated_at ?? null)
  return value
}

/** Times come in the time zone of the database session; people get UTC. */
export function fieldValue(type: FieldType, value: Json): Json {
  if (type !== 'datetime' || typeof value !== 'string') return value
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? value : date.toISOString()
}
