// Filters of a list that a user has given a name. The address of the page stays the truth: a view is a kept address.
import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { BigId, Nothing, strict } from './shapes.ts'

/** Lists that have views. */
const ViewPage = Type.Enum(['executions'])
const ViewName = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })

export const SavedView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Query part of the address, without `?`. */
  search: Type.String(),
})
export type SavedView = Static<typeof SavedView>

export const listViews = defineRoute({
  method: 'GET',
  path: '/api/v1/views',
  permission: 'signed-in',
  summary: 'My saved views of a list, by name',
  query: Type.Object({ page: Type.Optional(ViewPage) }, strict),
  answer: Type.Object({ items: Type.Array(SavedView) }),
})

/** A view of that name is replaced. */
export const saveView = defineRoute({
  method: 'PUT',
  path: '/api/v1/views',
  permission: 'signed-in',
  summary: 'Keep the filters of a list under a name',
  body: Type.Object({ page: ViewPage, name: ViewName, search: Type.String({ maxLength: 4000 }) }, strict),
  answer: SavedView,
})

export const renameView = defineRoute({
  method: 'PATCH',
  path: '/api/v1/views/:id',
  permission: 'signed-in',
  summary: 'Give one of my views another name, that none of them has',
  params: Type.Object({ id: BigId }, strict),
  body: Type.Object({ name: ViewName }, strict),
  answer: SavedView,
})

export const deleteView = defineRoute({
  method: 'DELETE',
  path: '/api/v1/views/:id',
  permission: 'signed-in',
  summary: 'Delete one of my views',
  params: Type.Object({ id: BigId }, strict),
  answer: Nothing,
})
