// What the run page asks besides the workflows themselves: cards, choices of its filters, stars.
import { addFavourite, removeFavourite } from '../../access/favourites.ts'
import { type Caller, workflowsWith } from '../../access/permissions.ts'
import { findCollection } from '../../core/collections.ts'
import { loadCollectionSchemas } from '../../objects/collection-schemas.ts'
import type { Db } from '../../store/db.ts'
import { countByRole, listRunChoices, type WorkflowFilter } from '../../store/workflows-list.ts'
import * as contract from '../contract/workflows.ts'
import { type BoundRoute, handle } from '../handler.ts'

export function runListRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listRunGroups, ({ query, caller }) => runGroups(db, query, caller)),
    handle(contract.addFavourite, async ({ params, caller }) => {
      await addFavourite(db, { userId: caller.user, workflow: params.key })
      return {}
    }),
    handle(contract.removeFavourite, async ({ params, caller }) => {
      await removeFavourite(db, { userId: caller.user, workflow: params.key })
      return {}
    }),
  ]
}

async function runGroups(db: Db, query: Omit<WorkflowFilter, 'visible' | 'user'>, caller: Caller) {
  const seen = { visible: workflowsWith(caller, 'run'), user: caller.user }
  const { kind, state } = query
  const ofKind = { ...seen, ...(kind ? { kind } : {}), ...(state ? { state } : {}) }
  const [items, choices, schemas] = await Promise.all([
    countByRole(db, caller.roles, { ...query, ...seen }),
    listRunChoices(db, ofKind),
    loadCollectionSchemas(db),
  ])
  const targets = choices.targets.map((key) => ({ key, title: findCollection(schemas, key)?.title ?? key }))
  return { items, targets, owners: choices.owners }
}
