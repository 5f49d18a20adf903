// Writes the catalogue: which collections, fields and relations there are. The tables themselves: sql/tables.ts.
import type { CollectionDefinition, FieldDefinition, RelationDefinition } from '../core/collections.ts'
import type { Db } from '../store/db.ts'

const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

/** One change of collections at a time, in all processes; call first in the transaction. */
export async function lockCatalogue(db: Db): Promise<void> {
  await db.query('select version from fermata.catalogue for update')
}

export async function insertCollection(
  db: Db,
  { key, title, icon, label }: CollectionDefinition,
): Promise<void> {
  await db.run('insert into fermata.collections (key, title, icon, label) values ($1, $2, $3, $4)', [
    key,
    json(title),
    icon ?? null,
    label ?? '{id}',
  ])
}

export async function insertFields(db: Db, collection: string, fields: FieldDefinition[]): Promise<void> {
  await db.run(
    `insert into fermata.fields (collection, key, type, title, required, is_unique, options)
     select $1, f.key, f.type, f.title, coalesce(f.required, false), coalesce(f."unique", false), f.options
     from json_to_recordset($2) as f (key text, type text, title json, required boolean, "unique" boolean, options text[])`,
    [collection, JSON.stringify(fields)],
  )
}

export async function replaceField(db: Db, collection: string, field: FieldDefinition): Promise<void> {
  await db.run(
    `update fermata.fields set title = $3, required = $4, is_unique = $5, options = $6
     where collection = $1 and key = $2`,
    [
      collection,
      field.key,
      json(field.title),
      field.required ?? false,
      field.unique ?? false,
      field.options ?? null,
    ],
  )
}

export async function deleteField(db: Db, collection: string, key: string): Promise<void> {
  await db.run('delete from fermata.fields where collection = $1 and key = $2', [collection, key])
}

export async function insertRelation(
  db: Db,
  collection: string,
  relation: RelationDefinition,
): Promise<void> {
  const { name, kind, to, inverse, title, inverseTitle, required, onDelete } = relation
  await db.run(
    `insert into fermata.relations
       (collection, name, kind, to_collection, inverse, title, inverse_title, required, on_delete)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      collection,
      name,
      kind,
      to,
      inverse,
      json(title),
      json(inverseTitle),
      required ?? false,
      onDelete ?? 'restrict',
    ],
  )
}

export async function deleteRelation(db: Db, collection: string, name: string): Promise<void> {
  await db.run('delete from fermata.relations where collection = $1 and name = $2', [collection, name])
}

export async function updateCollection(
  db: Db,
  key: string,
  { title, icon, label }: Partial<Pick<CollectionDefinition, 'title' | 'icon' | 'label'>>,
): Promise<void> {
  await db.run(
    `update fermata.collections
     set title = coalesce($2, title), icon = coalesce($3, icon), label = coalesce($4, label), updated_at = now()
     where key = $1`,
    [key, json(title), icon ?? null, label ?? null],
  )
}

export async function deleteCollections(db: Db, keys: readonly string[]): Promise<void> {
  await db.run('delete from fermata.relations where collection = any ($1)', [keys])
  await db.run('delete from fermata.collections where key = any ($1)', [keys])
}
