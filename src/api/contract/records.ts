import Type, { type Static } from 'typebox'
import { defineRoute } from './route.ts'
import { CollectionKey, Cursor, JsonMap, Limit, Nothing, page, RecordId, strict } from './shapes.ts'

/** The fields and to-one relations (as ids) are in `values`. */
export const DataRecord = Type.Object({
  id: Type.String(),
  label: Type.String(),
  collection: Type.String(),
  values: JsonMap,
})
export type DataRecord = Static<typeof DataRecord>

const byKey = Type.Object({ key: CollectionKey }, strict)
const byId = Type.Object({ key: CollectionKey, id: RecordId }, strict)

export const listRecords = defineRoute({
  method: 'GET',
  path: '/api/v1/collections/:key/records',
  permission: 'record.view',
  summary: 'Records I may see',
  params: byKey,
  query: Type.Object(
    {
      /** Part of the label. */
      q: Type.Optional(Type.String({ maxLength: 200 })),
      /** As inside the brackets of a path: `status = 'running' and env in ('prod')`. */
      where: Type.Optional(Type.String({ maxLength: 4000 })),
      cursor: Type.Optional(Cursor),
      limit: Type.Optional(Limit),
    },
    strict,
  ),
  answer: page(DataRecord),
})

export const getRecord = defineRoute({
  method: 'GET',
  path: '/api/v1/collections/:key/records/:id',
  permission: 'record.view',
  summary: 'One record',
  params: byId,
  answer: DataRecord,
})

const values = Type.Object({ values: JsonMap }, strict)

export const createRecord = defineRoute({
  method: 'POST',
  path: '/api/v1/collections/:key/records',
  permission: 'record.change',
  summary: 'Create a record',
  params: byKey,
  body: values,
  answer: DataRecord,
  status: 201,
})

export const updateRecord = defineRoute({
  method: 'PATCH',
  path: '/api/v1/collections/:key/records/:id',
  permission: 'record.change',
  summary: 'Change some fields of a record',
  params: byId,
  body: values,
  answer: DataRecord,
})

export const deleteRecord = defineRoute({
  method: 'DELETE',
  path: '/api/v1/collections/:key/records/:id',
  permission: 'record.change',
  summary: 'Delete a record',
  params: byId,
  answer: Nothing,
})
