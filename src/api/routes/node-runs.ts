import { type Caller, mayOnWorkflow, principalOf } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { nodeOf } from '../../core/run-id.ts'
import { previewBindings } from '../../objects/bindings.ts'
import type { Act, Engine } from '../../runtime/engine.ts'
import { rowsOf } from '../../runtime/wiring/row-permissions.ts'
import type { Db } from '../../store/db.ts'
import { findExecutionWorkflow } from '../../store/executions-read.ts'
import { findNodeRun, listBindings, listLogs, listNodeRuns } from '../../store/node-runs-read.ts'
import { checkReason } from '../check-reason.ts'
import * as contract from '../contract/node-runs.ts'
import { type BoundRoute, handle } from '../handler.ts'
import { readExecution } from '../read-execution.ts'
import { seenRecords } from '../seen-records.ts'
import type { SharedReads } from '../shared-reads.ts'
import { nodeRunView, type RunsView, runsView } from '../views/node-run.ts'
import { iso } from '../views/present.ts'

interface Deps {
  db: Db
  reads: SharedReads
  engine: Engine
}

export function nodeRunRoutes(deps: Deps): BoundRoute[] {
  return [...readRoutes(deps), ...actRoutes(deps)]
}

function readRoutes({ db, reads }: Deps): BoundRoute[] {
  return [
    handle(contract.listNodeRuns, async ({ params, query, caller }) => {
      const view = await viewOf(reads, params.id, caller)
      const filter = { ...query, execution: params.id, limit: query.limit ?? 1000 }
      const { items, ...rest } = await listNodeRuns(db, filter)
      return { items: items.map((row) => nodeRunView(row, view)), ...rest }
    }),
    handle(contract.listLogs, async ({ params, query: { after, limit, ...query } }) => {
      const filter = { execution: params.id, run: params.run, after: after ?? -1, limit: limit ?? 1000 }
      const rows = await listLogs(db, { ...filter, ...query })
      return { items: rows.map((row) => ({ ...row, at: iso(row.at) })) }
    }),
    handle(contract.listBindings, async ({ params, caller }) => {
      const rows = await listBindings(db, params.id)
      return { items: await Promise.all(rows.map((row) => bindingView(db, row, caller))) }
    }),
    handle(contract.listCandidates, ({ params, caller }) => candidates(reads, params, caller)),
  ]
}

/** Records that the caller may not see are not there. */
async function bindingView(
  db: Db,
  { records, labels, ...row }: Awaited<ReturnType<typeof listBindings>>[number],
  caller: Caller,
) {
  const seen = await seenRecords(db, caller, { collection: row.collection, ids: records })
  const named = records.map((id, index) => ({ id, label: labels[index] ?? id }))
  return { ...row, records: named.filter(({ id }) => seen.has(id)) }
}

function actRoutes(deps: Deps): BoundRoute[] {
  const act = (at: At, act: Act) => perform(deps, at, act)
  return [
    handle(contract.retryRun, ({ params, body, caller }) =>
      act({ params, caller }, { type: 'retry-run', run: params.run, ...body }),
    ),
    handle(contract.skipRun, async ({ params, body, caller }) => {
      await checkSkip(deps.db, params, body.reason)
      return act({ params, caller }, { type: 'skip', run: params.run, ...body })
    }),
    handle(contract.completeRun, ({ params, body, caller }) =>
      act({ params, caller }, { type: 'complete', run: params.run, ...body }),
    ),
    handle(contract.chooseRun, ({ params, body, caller }) =>
      act({ params, caller }, { type: 'choose', run: params.run, ...body }),
    ),
    handle(contract.rebindRun, async ({ params, body, caller }) => {
      await deps.engine.act(params.id, { type: 'rebind', run: params.run, ...body }, principalOf(caller))
      return (await readExecution(deps.reads, params.id, caller)).head
    }),
    handle(contract.confirmRun, ({ params, body, caller }) =>
      act({ params, caller }, { type: 'confirm', run: params.run, ...body }),
    ),
  ]
}

/** Only a wait for time is skipped without saying why. */
async function checkSkip(db: Db, { id, run }: At['params'], reason: string | undefined): Promise<void> {
  if (reason?.trim()) return
  const found = await findNodeRun(db, id, run)
  checkReason(found?.status === 'waiting' ? 'cutShort' : 'skip', reason)
}

/** What is chosen is checked again, with the rights of who started the execution. */
async function candidates(reads: SharedReads, { id, run }: { id: string; run: string }, caller: Caller) {
  const { row, document } = await readExecution(reads, id, caller)
  const nodes = document.nodes.filter((node) => node.id === nodeOf(run))
  if (row.targetCollection === null || row.targetId === null) return { items: [] }
  const target = { collection: row.targetCollection, id: row.targetId }
  const [binding] = await previewBindings(reads.db, {
    document: { nodes },
    target,
    permissions: rowsOf(caller),
  })
  return { items: binding?.records ?? [] }
}

interface At {
  params: { id: string; run: string }
  caller: Caller
}

async function perform({ db, reads, engine }: Deps, { params, caller }: At, act: Act) {
  if (act.type === 'retry-run' && act.config) await checkMayEdit(db, params.id, caller)
  await engine.act(params.id, act, principalOf(caller))
  const view = await viewOf(reads, params.id, caller)
  const row = await findNodeRun(db, params.id, params.run)
  if (!row) throw new AppError('not-found', `There is no node run ${params.run}`)
  return nodeRunView(row, view)
}

/** An edited config may do anything the workflow's author could have written. */
async function checkMayEdit(db: Db, id: string, caller: Caller): Promise<void> {
  const workflow = await findExecutionWorkflow(db, id)
  if (workflow && mayOnWorkflow(caller, workflow, 'manage')) return
  throw new AppError('forbidden', 'Only those who manage the workflow may retry with another config', {
    why: { key: 'lacks-grant', grant: 'manage' },
  })
}

async function viewOf(reads: SharedReads, id: string, caller: Caller): Promise<RunsView> {
  const { row, document, mayRun } = await readExecution(reads, id, caller)
  return runsView(reads.db, row, { document, mayRun, caller })
}
