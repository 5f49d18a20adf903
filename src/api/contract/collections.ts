import Type, { type Static } from 'typebox'
import { CollectionDefinition, FieldDefinition, onDeleteModes, Title } from '../../core/collections.ts'
import { defineRoute } from './route.ts'
import { CollectionKey, Nothing, strict } from './shapes.ts'

/** A relation as seen from one of its two sides: `host.app_instances` is `app_instance.host`. */
export const RelationSide = Type.Object({
  name: Type.String(),
  title: Type.Optional(Title),
  /** The collection it leads to. */
  to: Type.String(),
  /** Its name from there. */
  inverse: Type.String(),
  kind: Type.Enum(['many-to-one', 'one-to-many', 'many-to-many']),
  /** True on the side that declared it. */
  owner: Type.Boolean(),
  required: Type.Optional(Type.Boolean()),
  onDelete: Type.Optional(Type.Enum([...onDeleteModes])),
})
export type RelationSide = Static<typeof RelationSide>

export const Collection = Type.Object({
  key: Type.String(),
  title: Title,
  icon: Type.Optional(Type.String()),
  /** How a record is called: a field's key, or text with holes, `{name} ({env})`. */
  label: Type.String(),
  fields: Type.Array(FieldDefinition),
  /** Seen from this side, those declared by other collections too. */
  relations: Type.Array(RelationSide),
})
export type Collection = Static<typeof Collection>

const byKey = Type.Object({ key: CollectionKey }, strict)
export const listCollections = defineRoute({
  method: 'GET',
  path: '/api/v1/collections',
  permission: 'collection.view',
  summary: 'All collections',
  answer: Type.Object({ items: Type.Array(Collection) }),
})

export const getCollection = defineRoute({
  method: 'GET',
  path: '/api/v1/collections/:key',
  permission: 'collection.view',
  summary: 'One collection',
  params: byKey,
  answer: Collection,
})

export const createCollection = defineRoute({
  method: 'POST',
  path: '/api/v1/collections',
  permission: 'collection.manage',
  summary: 'Create a collection',
  body: CollectionDefinition,
  answer: Collection,
  status: 201,
})

export const deleteCollection = defineRoute({
  method: 'DELETE',
  path: '/api/v1/collections/:key',
  permission: 'collection.manage',
  summary: 'Delete a collection and its records',
  params: byKey,
  answer: Nothing,
})
