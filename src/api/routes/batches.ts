import { audit } from '../../access/audit.ts'
import { type Caller, principalOf, visibleWorkflows } from '../../access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { visibleIds } from '../../objects/records.ts'
import type { Engine } from '../../runtime/engine.ts'
import { rowsOf } from '../../runtime/wiring/row-permissions.ts'
import { countTargets, listTargets } from '../../store/batch-targets-read.ts'
import {
  type BatchFilter,
  type BatchRow,
  findBatch,
  insertBatch,
  listBatches,
  targetIds,
} from '../../store/batches.ts'
import type { Db } from '../../store/db.ts'
import { readNow } from '../../store/schedules.ts'
import { containing } from '../../store/where.ts'
import { findBatchTargets, preparedBatch } from '../batch-targets.ts'
import * as contract from '../contract/batches.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { steer } from '../steer-batch.ts'
import { batchTargetView, batchView } from '../views/batch.ts'

export function batchRoutes({ db, engine }: { db: Db; engine: Engine }): BoundRoute[] {
  const after = async (call: { params: { id: string }; caller: Caller }, work: Promise<void>) => {
    await work
    return view(db, call.params.id, call.caller)
  }
  return [
    handle(contract.searchTargets, ({ body, caller }) => findBatchTargets(db, body, caller)),
    handle(contract.createBatch, (call) => create(db, call)),
    handle(contract.listBatches, (call) => list(db, call)),
    handle(contract.getBatch, ({ params, caller }) => view(db, params.id, caller)),
    handle(contract.listBatchTargets, (call) => targets(db, call)),
    handle(contract.pauseBatch, (call) => after(call, steer({ db, engine }, 'pause', call))),
    handle(contract.resumeBatch, (call) => after(call, steer({ db, engine }, 'resume', call))),
    handle(contract.stopBatch, (call) => after(call, steer({ db, engine }, 'stop', call))),
    handle(contract.retryBatch, (call) => after(call, steer({ db, engine }, 'retry', call))),
  ]
}

async function create(db: Db, { body, caller }: Call<typeof contract.createBatch>): Promise<contract.Batch> {
  const prepared = await preparedBatch(db, body, caller)
  const { user: ownerId, name: owner } = caller
  const id = await db.transaction(async (tx) => {
    const made = await insertBatch(tx, {
      ...prepared,
      conditions: body.conditions ?? [],
      parallel: body.parallel ?? 10,
      stopCount: body.stopCount ?? null,
      stopPercent: body.stopPercent ?? null,
      dedupKey: body.dedupKey === undefined ? null : `${ownerId}:${body.dedupKey}`,
      ownerId,
      owner,
    })
    const details = { workflow: prepared.workflow, targets: prepared.targets.length }
    await audit(tx, {
      by: principalOf(caller).name,
      action: 'batch.create',
      object: `batch:${made}`,
      details,
    })
    return made
  })
  return view(db, id, caller)
}

async function list(db: Db, { query, caller }: Call<typeof contract.listBatches>) {
  const { limit = 20, ...rest } = query ?? {}
  const filter: BatchFilter = { ...rest, visible: visibleWorkflows(caller), limit }
  const { items, ...more } = await listBatches(db, filter)
  return { items: await Promise.all(items.map((row) => counted(db, row, caller))), ...more }
}

async function view(db: Db, id: string, caller: Caller): Promise<contract.Batch> {
  return counted(db, await requireBatch(db, id), caller)
}

async function requireBatch(db: Db, id: string): Promise<BatchRow> {
  const row = await findBatch(db, id)
  if (!row) throw new AppError('not-found', `There is no batch ${id}`)
  return row
}

async function counted(db: Db, row: BatchRow, caller: Caller): Promise<contract.Batch> {
  const counts = await countTargets(db, { batch: row.id, only: await seenTargets(db, row, caller) })
  return batchView(row, counts, caller)
}

/** Undefined: all of them. A record one may not see is not there, in a batch of somebody else either. */
async function seenTargets(
  db: Db,
  { id, collection }: BatchRow,
  caller: Caller,
): Promise<string[] | undefined> {
  const permissions = rowsOf(caller)
  if (permissions(collection) === 'all') return undefined
  return visibleIds(db, { collection, permissions, ids: await targetIds(db, id) })
}

async function targets(db: Db, { params, query, caller }: Call<typeof contract.listBatchTargets>) {
  const { q, status, limit = 500, ...rest } = query ?? {}
  const batch = await requireBatch(db, params.id)
  const now = await readNow(db)
  const { items, ...more } = await listTargets(db, {
    ...rest,
    batch: batch.id,
    only: await seenTargets(db, batch, caller),
    ...(q ? { like: containing(q) } : {}),
    ...(status ? { status: status.split(',').map(statusOf) } : {}),
    limit,
  })
  return { items: items.map(batchTargetView), ...more, at: new Date(now).toISOString() }
}

function statusOf(text: string): string {
  if (contract.targetStatuses.some((status) => status === text)) return text
  throw new AppError('bad-request', `${text} is no status`, { pointer: '/status' })
}
