import type { Caller } from '../../access/permissions.ts'
import { findCollection } from '../../core/collections.ts'
import type { WorkflowDocument } from '../../core/document.ts'
import { AppError, type Problem } from '../../core/errors.ts'
import type { Why } from '../../core/why.ts'
import { associationGraph } from '../../objects/association-graph.ts'
import { boundPaths, type PreviewedBinding, previewBindings } from '../../objects/bindings.ts'
import { loadCollectionSchemas } from '../../objects/collection-schemas.ts'
import { getRecord } from '../../objects/records.ts'
import { listTargets } from '../../objects/targets.ts'
import { rowsOf } from '../../runtime/wiring/row-permissions.ts'
import type { RecordValue } from '../../sdk/node-type.ts'
import type { Db } from '../../store/db.ts'
import { findCurrentVersion, findVersion } from '../../store/versions.ts'
import * as contract from '../contract/previews.ts'
import { type BoundRoute, type Call, handle } from '../handler.ts'
import { problemView } from '../problem.ts'
import { targetFilter } from '../target-filter.ts'

/** The filter is not SQL: so many candidates are read, those it refuses are dropped. */
const candidates = 2000

export function previewRoutes({ db }: { db: Db }): BoundRoute[] {
  return [
    handle(contract.createPreview, (call) => preview(db, call)),
    handle(contract.listTargets, async ({ params, query: { q, version, limit = 50 }, caller }) => {
      const { document } = await requireVersion(db, params.key, version)
      if (!document.target) return { items: [] }
      const { collection, filter } = document.target
      const mayBe = targetFilter(filter)
      const search = { collection, permissions: rowsOf(caller), limit: filter ? candidates : limit }
      const [found, schemas] = await Promise.all([
        listTargets(db, { ...search, ...(q ? { q } : {}) }),
        loadCollectionSchemas(db),
      ])
      const items = found.filter(({ record }) => mayBe(record)).slice(0, limit)
      const title = findCollection(schemas, collection)?.title ?? collection
      return { collection, title, items: items.map(({ id, label }) => ({ id, label })) }
    }),
  ]
}

async function requireVersion(db: Db, workflow: string, version?: number) {
  const found =
    version === undefined ? await findCurrentVersion(db, workflow) : await findVersion(db, workflow, version)
  if (!found) throw new AppError('not-found', `There is no such version of ${workflow}`)
  return found
}

async function preview(
  db: Db,
  { body, caller }: Call<typeof contract.createPreview>,
): Promise<contract.Preview> {
  const { workflow, version, document, publishedAt } = await requireVersion(db, body.workflow, body.version)
  const base = { workflow, version, test: publishedAt === null, document }
  const target = await requireTarget(db, { document, target: body.target, caller })
  if (!target) {
    return {
      ...base,
      bindings: [],
      graph: { nodes: [], edges: [], collections: [], truncated: false },
      warnings: [],
      touched: 0,
    }
  }
  const asked = { target: { collection: target.collection, id: target.id }, permissions: rowsOf(caller) }
  const bindings = await previewBindings(db, { document, ...asked })
  const graph = await associationGraph(db, { ...asked, paths: boundPaths(bindings, document) })
  return {
    ...base,
    target: { collection: target.collection, id: target.id, label: target.label },
    bindings: bindings.map(bindingView),
    graph,
    warnings: warningsOf(bindings, document).map(problemView),
    touched: touchedBy(bindings),
  }
}

/** Undefined when the workflow has no target. Throws `invalid-inputs` for one it may not run on. */
async function requireTarget(
  db: Db,
  asked: {
    document: WorkflowDocument
    target?: { collection: string; id: string } | undefined
    caller: Caller
  },
): Promise<RecordValue | undefined> {
  const { target, caller } = asked
  const wanted = asked.document.target
  const refused = (detail: string, why: Why) =>
    new AppError('invalid-inputs', detail, { pointer: '/target', why })
  if (!wanted && !target) return undefined
  if (!wanted) throw refused('This workflow has no target', { key: 'no-target-wanted' })
  const { collection, filter } = wanted
  if (!target) throw refused(`Name a target, a record of ${collection}`, { key: 'target-wanted', collection })
  if (target.collection !== collection)
    throw refused(`The target must be a record of ${collection}`, { key: 'target-wanted', collection })
  const record = await getRecord(db, { ...target, permissions: rowsOf(caller) })
  if (!record) throw new AppError('not-found', `There is no record ${target.id} in ${target.collection}`)
  if (!targetFilter(filter)(record)) {
    const why = { key: 'target-unfit', record: record.label, filter: filter ?? '' } as const
    throw refused('The workflow may not be run on this record', why)
  }
  return record
}

function bindingView({ problem, ...binding }: PreviewedBinding): contract.PreviewBinding {
  return { ...binding, ...(problem ? { problem: problemView(problem) } : {}) }
}

function warningsOf(bindings: readonly PreviewedBinding[], document: WorkflowDocument): Problem[] {
  return bindings.flatMap(({ node, records, problem }) => {
    if (problem) return [problem]
    if (records.length > 0) return []
    const pointer = `/nodes/${document.nodes.findIndex(({ id }) => id === node)}/bind`
    return [{ code: 'nothing-bound', message: `Nothing is bound to ${node}`, pointer, node }]
  })
}

function touchedBy(bindings: readonly PreviewedBinding[]): number {
  return new Set(
    bindings.flatMap(({ collection, records }) => records.map(({ id }) => `${collection}:${id}`)),
  ).size
}
