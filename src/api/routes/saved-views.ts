import { deleteView, listViews, renameView, saveView } from '../../access/saved-views.ts'
import { AppError } from '../../core/errors.ts'
import type { Db } from '../../store/db.ts'
import * as contract from '../contract/saved-views.ts'
import { type BoundRoute, handle } from '../handler.ts'

export function savedViewRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.listViews, async ({ query, caller }) => ({
      items: await listViews(db, { user: caller.user, page: query?.page ?? 'executions' }),
    })),
    handle(contract.saveView, ({ body, caller }) =>
      saveView(db, { ...body, name: body.name.trim(), user: caller.user }),
    ),
    handle(contract.renameView, async ({ params: { id }, body, caller }) => {
      const view = await renameView(db, { user: caller.user, id, name: body.name.trim() })
      if (!view) throw new AppError('not-found', `You have no view ${id}`)
      return view
    }),
    handle(contract.deleteView, async ({ params, caller }) => {
      const wasThere = await deleteView(db, { user: caller.user, id: params.id })
      if (!wasThere) throw new AppError('not-found', `You have no view ${params.id}`)
      return {}
    }),
  ]
}
