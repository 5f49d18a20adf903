// The targets of a batch: searched for, and checked once more when it is made. What the caller may not see is not there.
import { type Caller, mayOnWorkflow } from '../access/permissions.ts'
import { AppError } from '../core/errors.ts'
import { checkInputs } from '../core/inputs.ts'
import type { JsonObject } from '../core/json.ts'
import { getRecords, listRecords } from '../objects/records.ts'
import { rowsOf } from '../runtime/wiring/row-permissions.ts'
import type { Db } from '../store/db.ts'
import { findCurrentVersion, findVersion } from '../store/versions.ts'
import { findWorkflow } from '../store/workflows.ts'
import { mostTargets } from './contract/batches.ts'
import { targetFilter } from './target-filter.ts'

interface Search {
  workflow: string
  version?: number
  conditions?: string[]
  q?: string
  limit?: number
}

/** By label. The filter of the workflow is not SQL: it is asked afterwards, of every record. */
export async function findBatchTargets(db: Db, search: Search, caller: Caller) {
  const { target } = await requireStartable(db, search, caller)
  const { limit = mostTargets, conditions = [], q } = search
  const { records, more } = await listRecords(db, {
    collection: target.collection,
    permissions: rowsOf(caller),
    conditions,
    ...(q ? { q } : {}),
    limit: target.filter ? mostTargets : limit,
  })
  const fitting = records.filter(targetFilter(target.filter))
  return {
    collection: target.collection,
    items: fitting.slice(0, limit).map(({ id, label }) => ({ id, label })),
    truncated: more || fitting.length > limit,
  }
}

/** Throws `not-found` and `invalid-inputs` with a pointer to the target or input at fault. */
export async function preparedBatch(
  db: Db,
  asked: { workflow: string; version?: number; targets: readonly string[]; inputs?: JsonObject },
  caller: Caller,
) {
  const { workflow, version, document, target } = await requireStartable(db, asked, caller)
  const inputs = checkInputs(document.inputs, asked.inputs ?? {})
  const { collection, filter } = target
  const records = await getRecords(db, {
    collection,
    ids: [...new Set(asked.targets)],
    permissions: rowsOf(caller),
  })
  const found = new Map(records.map((record) => [record.id, record]))
  const named = new Set<string>()
  const fits = targetFilter(filter)
  const targets = asked.targets.map((id, n) => {
    const pointer = { pointer: `/targets/${n}` }
    const record = found.get(id)
    if (!record) throw new AppError('not-found', `There is no ${collection} ${id}`, pointer)
    if (!fits(record))
      throw new AppError('invalid-inputs', `${record.label} does not fit: this workflow wants ${filter}`, {
        ...pointer,
        why: { key: 'target-unfit', record: record.label, filter: filter ?? '' },
      })
    if (named.has(id))
      throw new AppError('invalid-inputs', `${record.label} is named twice`, {
        ...pointer,
        why: { key: 'named-twice', record: record.label },
      })
    named.add(id)
    return { id, label: record.label }
  })
  return { workflow, version, collection, inputs, targets }
}

async function requireStartable(
  db: Db,
  { workflow, version }: { workflow: string; version?: number },
  caller: Caller,
) {
  const found =
    version === undefined ? await findCurrentVersion(db, workflow) : await findVersion(db, workflow, version)
  if (!found)
    throw new AppError('not-found', `There is no such version of ${workflow}`, { pointer: '/version' })
  if (found.publishedAt === null)
    throw new AppError('not-published', 'A draft is tried on one record, not on many', {
      why: { key: 'draft-on-many' },
      pointer: '/version',
    })
  const { target, kind } = found.document
  if (!(await findWorkflow(db, workflow))?.enabled)
    throw new AppError('not-published', `Workflow ${workflow} is disabled`, {
      why: { key: 'workflow-disabled', workflow },
    })
  if (kind === 'sub')
    throw new AppError('illegal-act', 'A sub-workflow runs only within another one', {
      why: { key: 'sub-workflow-alone', workflow },
    })
  if (!target)
    throw new AppError('invalid-inputs', 'This workflow works on no target', {
      pointer: '/workflow',
      why: { key: 'no-target-wanted' },
    })
  if (!mayOnWorkflow(caller, workflow, 'run'))
    throw new AppError('forbidden', 'You may not run this workflow', {
      why: { key: 'lacks-grant', grant: 'run' },
    })
  return { ...found, target }
}
