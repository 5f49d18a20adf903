// What a collection is: the definition people write, and the view of all collections that paths are checked against.
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false }

export const keyPattern = '^[a-z][a-z0-9_]{0,62}$'
/** Short enough that `<relation>_id` is still a column name. */
export const relationPattern = '^[a-z][a-z0-9_]{0,59}$'
export const recordIdPattern = '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$'

export const fieldTypes = [
  'text',
  'number',
  'integer',
  'boolean',
  'date',
  'datetime',
  'json',
  'select',
] as const
export const relationKinds = ['many-to-one', 'many-to-many'] as const
export const onDeleteModes = ['restrict', 'clear', 'cascade'] as const

/** One text for everybody, or one per language. */
export const Title = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Object(
    {
      en: Type.String({ minLength: 1, maxLength: 200 }),
      zh: Type.Optional(Type.String({ maxLength: 200 })),
      ru: Type.Optional(Type.String({ maxLength: 200 })),
    },
    strict,
  ),
])

export const FieldDefinition = Type.Object(
  {
    key: Type.String({ pattern: keyPattern }),
    type: Type.Enum([...fieldTypes]),
    title: Type.Optional(Title),
    required: Type.Optional(Type.Boolean()),
    /** No two records have the same value. */
    unique: Type.Optional(Type.Boolean()),
    /** Of a `select`: the values allowed. */
    options: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 500 }),
    ),
  },
  strict,
)

export const RelationDefinition = Type.Object(
  {
    name: Type.String({ pattern: relationPattern }),
    kind: Type.Enum([...relationKinds]),
    to: Type.String({ pattern: keyPattern }),
    /** The name of this relation as seen from `to`. */
    inverse: Type.String({ pattern: relationPattern }),
    title: Type.Optional(Title),
    inverseTitle: Type.Optional(Title),
    /** Of a many-to-one: every record must have one. */
    required: Type.Optional(Type.Boolean()),
    /** What deleting the record referred to does; default `restrict`. Links of a many-to-many always go. */
    onDelete: Type.Optional(Type.Enum([...onDeleteModes])),
  },
  strict,
)

export const CollectionDefinition = Type.Object(
  {
    key: Type.String({ pattern: keyPattern }),
    title: Title,
    icon: Type.Optional(Type.String({ maxLength: 64 })),
    /** How a record is called: a field's key, or text with holes, `{name} ({env})`. Default `{id}`. */
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
    fields: Type.Array(FieldDefinition, { maxItems: 500 }),
    relations: Type.Optional(Type.Array(RelationDefinition, { maxItems: 100 })),
  },
  strict,
)

export type Title = Static<typeof Title>
export type FieldDefinition = Static<typeof FieldDefinition>
export type RelationDefinition = Static<typeof RelationDefinition>
export type CollectionDefinition = Static<typeof CollectionDefinition>
export type FieldType = (typeof fieldTypes)[number]

/** A relation as seen from one of its two sides. */
export interface RelationSide {
  name: string
  title?: Title
  /** The collection it leads to. */
  to: string
  /** Its name from there. */
  inverse: string
  kind: 'many-to-one' | 'one-to-many' | 'many-to-many'
  /** True on the side that declared it: the one with the column, or that gave the link table its name. */
  owner: boolean
  required?: boolean
  onDelete?: (typeof onDeleteModes)[number]
}

export interface CollectionSchema {
  key: string
  title: Title
  icon?: string
  label: string
  fields: FieldDefinition[]
  relations: RelationSide[]
}

/** All collections by key: plain data, the same in the browser and on the server. */
export type CollectionSchemas = Readonly<Record<string, CollectionSchema>>

/** Columns every record has. Values of the user's fields may not use these names. */
export const systemFields: readonly FieldDefinition[] = [
  { key: 'id', type: 'text' },
  { key: 'label', type: 'text' },
  { key: 'created_at', type: 'datetime' },
  { key: 'updated_at', type: 'datetime' },
]

export function findCollection(schemas: CollectionSchemas, key: string): CollectionSchema | undefined {
  return Object.hasOwn(schemas, key) ? schemas[key] : undefined
}

export function findRelation(collection: CollectionSchema, name: string): RelationSide | undefined {
  return collection.relations.find((relation) => relation.name === name)
}

/** A field that a filter may name: declared, of the system, or a many-to-one relation (the other record's id). */
export function findField(collection: CollectionSchema, name: string): FieldDefinition | undefined {
  const declared = collection.fields.find((field) => field.key === name)
  if (declared) return declared
  const system = systemFields.find((field) => field.key === name)
  if (system) return system
  return findRelation(collection, name)?.kind === 'many-to-one' ? { key: name, type: 'text' } : undefined
}
