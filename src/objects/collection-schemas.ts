// All collections as plain data, read once per version of the catalogue.
import type {
  CollectionSchema,
  CollectionSchemas,
  FieldDefinition,
  RelationDefinition,
  RelationSide,
  Title,
} from '../core/collections.ts'
import { findCollection } from '../core/collections.ts'
import { AppError } from '../core/errors.ts'
import type { Db } from '../store/db.ts'

interface Catalogue {
  version: string
  collections: Array<{ key: string; title: Title; icon: string | null; label: string }> | null
  fields: Array<Stored<FieldDefinition> & { collection: string }>
  relations: Array<Stored<Required<RelationDefinition>> & { collection: string }>
}

type Stored<T> = { [K in keyof T]: T[K] | null }

// Versions are random and new after every change, so that one cache serves any number of databases.
let cached: { version: string; schemas: CollectionSchemas } | undefined

const readCatalogue = `
  select c.version,
    case when stale then (select coalesce(json_agg(x order by x.key), '[]') from fermata.collections x) end as collections,
    case when stale then (
      select coalesce(json_agg(json_build_object(
        'collection', f.collection, 'key', f.key, 'type', f.type, 'title', f.title, 'required', f.required,
        'unique', f.is_unique, 'options', f.options
      ) order by f.position), '[]') from fermata.fields f
    ) end as fields,
    case when stale then (
      select coalesce(json_agg(json_build_object(
        'collection', r.collection, 'name', r.name, 'kind', r.kind, 'to', r.to_collection, 'inverse', r.inverse,
        'title', r.title, 'inverseTitle', r.inverse_title, 'required', r.required, 'onDelete', r.on_delete
      ) order by r.position), '[]') from fermata.relations r
    ) end as relations
  from fermata.catalogue c, lateral (select c.version is distinct from $1::uuid as stale) s`

/** One cheap statement when nothing has changed since the last call. */
export async function loadCollectionSchemas(db: Db): Promise<CollectionSchemas> {
  const known = cached
  const [catalogue] = await db.query<Catalogue>(readCatalogue, [known?.version ?? null])
  if (!catalogue) throw new AppError('internal', 'The catalogue of collections is missing')
  if (known && catalogue.version === known.version) return known.schemas
  const schemas = assemble(catalogue)
  cached = { version: catalogue.version, schemas }
  return schemas
}

/** The collection with this key. Throws AppError `not-found`. */
export function requireCollection(schemas: CollectionSchemas, key: string): CollectionSchema {
  const found = findCollection(schemas, key)
  if (!found) throw new AppError('not-found', `There is no collection ${key}`)
  return found
}

function assemble(catalogue: Catalogue): CollectionSchemas {
  const schemas: Record<string, CollectionSchema> = {}
  for (const { key, title, icon, label } of catalogue.collections ?? []) {
    schemas[key] = { key, title, ...(icon ? { icon } : {}), label, fields: [], relations: [] }
  }
  for (const { collection, ...field } of catalogue.fields) {
    schemas[collection]?.fields.push(withoutEmpty(field) as FieldDefinition)
  }
  for (const { collection, ...stored } of catalogue.relations) {
    const relation = withoutEmpty(stored) as RelationDefinition
    schemas[collection]?.relations.push(ownSide(relation))
    schemas[relation.to]?.relations.push(otherSide(relation, collection))
  }
  return schemas
}

function ownSide(relation: RelationDefinition): RelationSide {
  const { name, to, inverse, kind, title, required, onDelete } = relation
  return {
    name,
    to,
    inverse,
    kind,
    owner: true,
    ...(title ? { title } : {}),
    ...(required ? { required } : {}),
    ...(onDelete ? { onDelete } : {}),
  }
}

function otherSide(relation: RelationDefinition, collection: string): RelationSide {
  const { inverse, name, kind, inverseTitle } = relation
  return {
    name: inverse,
    to: collection,
    inverse: name,
    kind: kind === 'many-to-one' ? 'one-to-many' : kind,
    owner: false,
    ...(inverseTitle ? { title: inverseTitle } : {}),
  }
}

/** Null and false are what is not said. */
function withoutEmpty(stored: object): object {
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== null && value !== false))
}
