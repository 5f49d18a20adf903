// One act on many executions: each is judged by itself, and what became of it is told.
import { type Caller, mayOnWorkflow, principalOf, visibleWorkflows } from '../access/permissions.ts'
import { eachAtOnce } from '../core/each-at-once.ts'
import { AppError } from '../core/errors.ts'
import type { Engine } from '../runtime/engine.ts'
import type { Db } from '../store/db.ts'
import { type ExecutionRow, findExecutionRows } from '../store/executions-read.ts'
import { checkReason } from './check-reason.ts'
import type { ActResult } from './contract/execution-lists.ts'
import type { executionActs } from './contract/executions.ts'
import { appErrorFrom, problemFrom } from './problem.ts'
import { asSeen } from './seen-executions.ts'
import { summaryView } from './views/execution.ts'

export interface ActOnMany {
  ids: readonly string[]
  act: (typeof executionActs)[number]
  reason?: string | undefined
}

/** So many share a commit; more would only wait for each other. */
const atOnce = 16

/** In the order of `ids`, each once. */
export async function actOnMany(
  { db, engine }: { db: Db; engine: Engine },
  { ids, act, reason }: ActOnMany,
  caller: Caller,
): Promise<ActResult[]> {
  checkReason(act, reason)
  const wanted = [...new Set(ids)]
  const visible = visibleWorkflows(caller)
  const rows = byId(await findExecutionRows(db, wanted, visible))
  const refusals = new Map<string, AppError>()
  await eachAtOnce(wanted, atOnce, async (id) => {
    try {
      checkGrant(caller, id, rows.get(id))
      await engine.act(id, { type: act, ...(reason ? { reason } : {}) }, principalOf(caller))
    } catch (error) {
      refusals.set(id, appErrorFrom(error))
    }
  })
  const changed = await findExecutionRows(db, wanted, visible)
  const after = byId(await asSeen(db, caller, changed))
  return wanted.map((id) => resultOf(id, after.get(id), refusals.get(id)))
}

const byId = (rows: readonly ExecutionRow[]) => new Map(rows.map((row) => [row.id, row]))

function checkGrant(caller: Caller, id: string, row: ExecutionRow | undefined): void {
  if (!row) throw new AppError('not-found', `There is no execution ${id}`)
  if (!mayOnWorkflow(caller, row.workflow, 'run'))
    throw new AppError('forbidden', 'You need the grant "run" on this workflow', {
      why: { key: 'lacks-grant', grant: 'run' },
    })
}

function resultOf(id: string, row: ExecutionRow | undefined, refusal: AppError | undefined): ActResult {
  return {
    id,
    done: refusal === undefined,
    ...(row ? { execution: summaryView(row) } : {}),
    ...(refusal ? { problem: problemFrom(refusal) } : {}),
  }
}
