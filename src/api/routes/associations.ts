import { nodeOf } from '../../core/run-id.ts'
import { executionAssociations } from '../../objects/execution-associations.ts'
import { rowsOf } from '../../runtime/wiring/row-permissions.ts'
import type { Db } from '../../store/db.ts'
import { listBindings } from '../../store/node-runs-read.ts'
import * as contract from '../contract/associations.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { readExecution } from '../read-execution.ts'
import type { SharedReads } from '../shared-reads.ts'

export function associationRoutes({ db, reads }: { db: Db; reads: SharedReads }): BoundRoute[] {
  return [
    handle(contract.getAssociations, async ({ params, caller }) => {
      const { row, document } = await readExecution(reads, params.id, caller)
      const kept = await listBindings(db, params.id)
      return executionAssociations(db, {
        document,
        target:
          row.targetCollection !== null && row.targetId !== null
            ? { collection: row.targetCollection, id: row.targetId }
            : undefined,
        bindings: kept.map(({ run, ...binding }) => ({ ...binding, node: nodeOf(run) })),
        permissions: rowsOf(caller),
      })
    }),
  ]
}
