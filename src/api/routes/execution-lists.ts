import type { Engine } from '../../runtime/engine.ts'
import type { Db } from '../../store/db.ts'
import { readStrip } from '../../store/executions-strip.ts'
import { actOnMany } from '../act-on-many.ts'
import { actOnExecutions, getStrip } from '../contract/execution-lists.ts'
import { exportExecutions } from '../contract/executions.ts'
import { filterOf } from '../execution-filter.ts'
import { csvOfExecutions } from '../executions-csv.ts'
import { type BoundRoute, type Call, handle, handleRaw } from '../handler.ts'
import { iso } from '../views/present.ts'

interface Deps {
  db: Db
  engine: Engine
  closing: AbortSignal
}

export function executionListRoutes(deps: Deps): BoundRoute[] {
  return [
    handle(actOnExecutions, async ({ body, caller }) => ({ items: await actOnMany(deps, body, caller) })),
    handle(getStrip, (call) => strip(deps.db, call)),
    handleRaw(exportExecutions, async ({ query, caller, reply }) => {
      const filter = await filterOf(deps.db, query, caller)
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="executions.csv"')
      return csvOfExecutions(deps.db, filter, { caller, closing: deps.closing })
    }),
  ]
}

async function strip(db: Db, { query, caller }: Call<typeof getStrip>) {
  const rows = await readStrip(db, await filterOf(db, query ?? {}, caller))
  return { items: rows.map(({ from, to, ...counts }) => ({ from: iso(from), to: iso(to), ...counts })) }
}
