import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { CollectionKey, Nothing, strict } from './shapes.ts'

export const fieldTypes = [
  'string',
  'text',
  'integer',
  'number',
  'boolean',
  'datetime',
  'date',
  'enum',
  'json',
] as const

export const Field = Type.Object(
  {
    key: CollectionKey,
    title: Type.Optional(Type.String({ maxLength: 200 })),
    type: Type.Enum([...fieldTypes]),
    required: Type.Optional(Type.Boolean()),
    unique: Type.Optional(Type.Boolean()),
    /** With type `enum`: the values allowed. */
    options: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 })),
  },
  strict,
)
export type Field = Static<typeof Field>

/** Has a name from both sides: `host.app_instances` is `app_instance.host`. */
export const Relation = Type.Object(
  {
    key: CollectionKey,
    title: Type.Optional(Type.String({ maxLength: 200 })),
    collection: CollectionKey,
    toMany: Type.Boolean(),
    /** Its name from the other side. */
    inverse: CollectionKey,
    required: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type Relation = Static<typeof Relation>

export const Collection = Type.Object({
  key: Type.String(),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  /** The field shown as a record's label. */
  labelField: Type.String(),
  fields: Type.Array(Field),
  /** From this side, those declared by other collections too. */
  relations: Type.Array(Relation),
})
export type Collection = Static<typeof Collection>

const byKey = Type.Object({ key: CollectionKey }, strict)

export const listCollections = defineRoute({
  method: 'GET',
  path: '/api/v1/collections',
  permission: 'signed-in',
  summary: 'All collections',
  answer: Type.Object({ items: Type.Array(Collection) }),
})

export const getCollection = defineRoute({
  method: 'GET',
  path: '/api/v1/collections/:key',
  permission: 'signed-in',
  summary: 'One collection',
  params: byKey,
  answer: Collection,
})

export const createCollection = defineRoute({
  method: 'POST',
  path: '/api/v1/collections',
  permission: 'design',
  summary: 'Create a collection',
  body: Type.Object(
    {
      key: CollectionKey,
      title: Type.String({ minLength: 1, maxLength: 200 }),
      description: Type.Optional(Type.String({ maxLength: 10000 })),
      labelField: CollectionKey,
      fields: Type.Array(Field, { maxItems: 200 }),
      relations: Type.Optional(Type.Array(Relation, { maxItems: 100 })),
    },
    strict,
  ),
  answer: Collection,
  status: 201,
})

export const deleteCollection = defineRoute({
  method: 'DELETE',
  path: '/api/v1/collections/:key',
  permission: 'design',
  summary: 'Delete a collection and its records',
  params: byKey,
  answer: Nothing,
})
