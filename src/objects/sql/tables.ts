// The statements that make, change and remove the real tables. Definitions have been checked before.
import type { CollectionDefinition, FieldDefinition, RelationDefinition } from '../../core/collections.ts'
import { recordIdPattern } from '../../core/collections.ts'
import { parseLabel } from '../label.ts'
import { linkTableName, quoteName, quoteText, relationColumn, tableOf } from './names.ts'

const columnTypes: Record<FieldDefinition['type'], string> = {
  text: 'text',
  select: 'text',
  number: 'double precision',
  integer: 'bigint',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
  json: 'jsonb',
}

/** The table with its fields, label and triggers; relations are added once all tables stand. */
export function createTable(definition: CollectionDefinition): string[] {
  const table = tableOf(definition.key)
  const columns = [
    `id text primary key default substr(replace(gen_random_uuid()::text, '-', ''), 1, 20)
      check (id ~ ${quoteText(recordIdPattern)})`,
    ...definition.fields.map(column),
    labelColumn(definition.label ?? '{id}'),
    'created_at timestamptz not null default now()',
    'updated_at timestamptz not null default now()',
  ]
  return [
    `create table ${table} (${columns.join(', ')})`,
    `create index on ${table} (label, id)`,
    `create trigger touch_record before update on ${table}
      for each row execute function fermata.touch_record()`,
    `create trigger capture_data_change after insert or update or delete on ${table}
      for each row execute function fermata.capture_data_change()`,
    ...definition.fields.flatMap((field) => (field.unique ? [addUnique(definition.key, field.key)] : [])),
  ]
}

export function addField(collection: string, field: FieldDefinition): string[] {
  const add = `alter table ${tableOf(collection)} add column ${column(field)}`
  return field.unique ? [add, addUnique(collection, field.key)] : [add]
}

export function dropField(collection: string, key: string): string[] {
  return [`alter table ${tableOf(collection)} drop column ${quoteName(key)}`]
}

/** Brings the column from one definition to another of the same type. */
export function changeField(collection: string, from: FieldDefinition, to: FieldDefinition): string[] {
  const table = tableOf(collection)
  const name = quoteName(to.key)
  const statements: string[] = []
  if (Boolean(from.required) !== Boolean(to.required)) {
    statements.push(`alter table ${table} alter column ${name} ${to.required ? 'set' : 'drop'} not null`)
  }
  if (to.options && String(to.options) !== String(from.options)) {
    statements.push(`alter table ${table} drop constraint ${name}, add ${optionsCheck(to)}`)
  }
  if (Boolean(from.unique) !== Boolean(to.unique)) {
    statements.push(to.unique ? addUnique(collection, to.key) : dropUnique(collection, to.key))
  }
  return statements
}

export function changeLabel(collection: string, label: string): string[] {
  const table = tableOf(collection)
  return [
    `alter table ${table} drop column label, add column ${labelColumn(label)}`,
    `create index on ${table} (label, id)`,
  ]
}

export function addRelation(collection: string, relation: RelationDefinition): string[] {
  const table = tableOf(collection)
  const other = tableOf(relation.to)
  if (relation.kind === 'many-to-many') return createLinkTable(collection, relation)
  const name = relationColumn(relation.name)
  const onDelete = { restrict: 'restrict', clear: 'set null', cascade: 'cascade' }[
    relation.onDelete ?? 'restrict'
  ]
  return [
    `alter table ${table} add column ${name} text ${relation.required ? 'not null' : ''}
      constraint ${name} references ${other} on delete ${onDelete}`,
    `create index on ${table} (${name})`,
  ]
}

export function dropRelation(collection: string, relation: RelationDefinition): string[] {
  return relation.kind === 'many-to-many'
    ? [`drop table ${tableOf(linkTableName(collection, relation.name))}`]
    : [`alter table ${tableOf(collection)} drop column ${relationColumn(relation.name)}`]
}

export function dropTable(collection: string): string[] {
  return [`drop table ${tableOf(collection)}`]
}

function createLinkTable(collection: string, relation: RelationDefinition): string[] {
  const table = tableOf(linkTableName(collection, relation.name))
  return [
    `create table ${table} (
      from_id text not null references ${tableOf(collection)} on delete cascade,
      to_id text not null references ${tableOf(relation.to)} on delete cascade,
      primary key (from_id, to_id))`,
    `create index on ${table} (to_id, from_id)`,
  ]
}

function column(field: FieldDefinition): string {
  const parts = [quoteName(field.key), columnTypes[field.type]]
  if (field.required) parts.push('not null')
  if (field.type === 'select') parts.push(optionsCheck(field))
  return parts.join(' ')
}

/** The constraint is called as its column: unique within the table, and never cut short. */
function optionsCheck(field: FieldDefinition): string {
  const options = (field.options ?? []).map(quoteText).join(', ')
  return `constraint ${quoteName(field.key)} check (${quoteName(field.key)} in (${options}))`
}

function labelColumn(label: string): string {
  const parts = parseLabel(label).map((part) =>
    'text' in part ? quoteText(part.text) : `coalesce(${quoteName(part.field)}::text, '')`,
  )
  return `label text not null generated always as (coalesce(nullif(btrim(${parts.join(' || ')}), ''), id)) stored`
}

function addUnique(collection: string, key: string): string {
  return `create unique index on ${tableOf(collection)} (${quoteName(key)})`
}

/** PostgreSQL chose the index's name, so it is asked for it. */
function dropUnique(collection: string, key: string): string {
  return `do $drop$ declare found regclass; begin
    select i.indexrelid::regclass into found from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = ${quoteText(tableOf(collection))}::regclass
        and i.indisunique and i.indnkeyatts = 1 and a.attname = ${quoteText(key)};
    if found is not null then execute 'drop index ' || found; end if;
  end $drop$`
}
