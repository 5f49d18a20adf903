import { audit } from '../../access/audit.ts'
import type { CollectionSchema } from '../../core/collections.ts'
import { loadCollectionSchemas, requireCollection } from '../../objects/collection-schemas.ts'
import { createCollection, dropCollection } from '../../objects/collections.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/collections.ts'
import { type BoundRoute, handle } from '../handler.ts'

export function collectionRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listCollections, async () => ({
      items: Object.values(await loadCollectionSchemas(db)) as CollectionSchema[],
    })),
    handle(contract.getCollection, async ({ params }) =>
      requireCollection(await loadCollectionSchemas(db), params.key),
    ),
    handle(contract.createCollection, ({ body, caller }) =>
      db.transaction(async (tx) => {
        const collection = await createCollection(tx, body)
        await audit(tx, { by: caller.name, action: 'collection.create', object: `collection:${body.key}` })
        return collection
      }),
    ),
    handle(contract.deleteCollection, ({ params, caller }) =>
      db.transaction(async (tx) => {
        await dropCollection(tx, params.key)
        await audit(tx, { by: caller.name, action: 'collection.delete', object: `collection:${params.key}` })
        return {}
      }),
    ),
  ]
}
