// Which records each node of a workflow would work on, shown before the run; and the check of what a person chose.
import type { CollectionSchemas } from '../core/collections.ts'
import type { WorkflowDocument } from '../core/document.ts'
import { AppError, type Problem } from '../core/errors.ts'
import type { Path } from '../core/path/ast.ts'
import { parsePath } from '../core/path/parse.ts'
import type { Db } from '../store/db.ts'
import { fittingPath } from './compile-path.ts'
import { evaluatePath, maxBoundRecords, type PathResult, requireVisible } from './evaluate-path.ts'
import type { RecordRef } from './locks.ts'
import type { RowPermissions } from './permissions.ts'

export type BindMode = 'start' | 'run' | 'same-as'

export interface PreviewedBinding {
  node: string
  mode: BindMode
  /** Absent when the path is wrong: see `problem`. */
  collection?: string
  /** Mode `run`: what the path finds now, as information; it is asked again when the node starts. */
  records: Array<{ id: string; label: string }>
  toOne: boolean
  problem?: Problem
}

export interface PreviewRequest {
  document: Pick<WorkflowDocument, 'nodes'>
  target: RecordRef
  permissions: RowPermissions
}

/** One entry per node with `bind`, in the order of the document. Throws `not-found` for the target alone. */
export async function previewBindings(db: Db, request: PreviewRequest): Promise<PreviewedBinding[]> {
  const { target, permissions, document } = request
  const from = { from: target.collection, id: target.id, permissions }
  await requireVisible(db, from)
  const results = new Map<string, Promise<PathResult>>()
  const evaluate = (path: string) => {
    const known = results.get(path) ?? evaluatePath(db, { ...from, path })
    results.set(path, known)
    return known
  }
  const paths = resolveBindings(document)
  const previews: PreviewedBinding[] = []
  for (const resolved of paths) previews.push(await previewOne(resolved, evaluate))
  return previews
}

/** The paths of all bindings that can be drawn, `same-as` followed: for `associationGraph`. */
export function boundPaths(previews: readonly PreviewedBinding[], document: Pick<WorkflowDocument, 'nodes'>) {
  const sound = new Set(previews.filter((preview) => !preview.problem).map((preview) => preview.node))
  return resolveBindings(document).flatMap(({ node, path }) =>
    path !== undefined && sound.has(node) ? [{ node, path }] : [],
  )
}

/** As `boundPaths`, for a document whose collections may have changed since: what does not fit any more is left out. */
export function fittingPaths(
  document: Pick<WorkflowDocument, 'nodes'>,
  from: string,
  schemas: CollectionSchemas,
): Array<{ node: string; path: Path }> {
  return resolveBindings(document).flatMap(({ node, path }) => {
    if (path === undefined) return []
    try {
      const parsed = parsePath(path)
      fittingPath(parsed, from, schemas)
      return [{ node, path: parsed }]
    } catch (error) {
      if (error instanceof AppError && error.code !== 'internal') return []
      throw error
    }
  })
}

interface Resolved {
  node: string
  mode: BindMode
  /** Pointer to the `bind` of the node. */
  at: string
  path?: string
  problem?: string
}

type BoundNode = WorkflowDocument['nodes'][number]

function resolveBindings({ nodes }: Pick<WorkflowDocument, 'nodes'>): Resolved[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodes.flatMap((node, index) =>
    node.bind
      ? [{ node: node.id, mode: modeOf(node), at: `/nodes/${index}/bind`, ...pathOf(node, byId) }]
      : [],
  )
}

const modeOf = (node: BoundNode): BindMode => node.bind?.mode ?? 'start'

function pathOf(
  start: BoundNode,
  byId: ReadonlyMap<string, BoundNode>,
): { path: string } | { problem: string } {
  const seen = new Set<string>()
  let node = start
  while (node.bind && modeOf(node) === 'same-as') {
    if (seen.has(node.id)) return { problem: `${start.id} takes its binding from itself, by way of others` }
    seen.add(node.id)
    const source = node.bind.node === undefined ? undefined : byId.get(node.bind.node)
    if (!source?.bind) return { problem: `${node.bind.node ?? 'No node'} has no binding to take over` }
    node = source
  }
  return { path: node.bind?.path ?? '' }
}

async function previewOne(
  resolved: Resolved,
  evaluate: (path: string) => Promise<PathResult>,
): Promise<PreviewedBinding> {
  const { node, mode, at, path } = resolved
  const empty = { node, mode, records: [], toOne: false }
  const trouble = (code: string, message: string, extra?: Partial<Problem>) => ({
    ...empty,
    problem: { code, message, node, pointer: at, ...extra },
  })
  if (path === undefined) return trouble('invalid-binding', resolved.problem ?? 'There is no path')
  try {
    const result = await evaluate(path)
    if (result.values) return trouble('invalid-binding', 'A binding ends with records, not with a field')
    if (result.truncated) {
      return trouble('limit-exceeded', `The path finds more than ${maxBoundRecords} records`)
    }
    return { node, mode, collection: result.collection, records: result.records, toOne: result.toOne }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error
    const span = error.details.span
    return trouble(error.code, error.message, { pointer: `${at}/path`, ...(span ? { span } : {}) })
  }
}

/** Per node, the ids of the records to work on. */
export type Chosen = Readonly<Record<string, readonly string[]>>

export interface ChosenBinding {
  collection: string
  records: Array<{ id: string; label: string }>
}

/**
 * What will be stored: for each node of mode `start`, and each that copies such a node, the records chosen; all
 * that were offered where nothing was chosen. Throws AppError `invalid-binding` with a pointer `/<node>/<index>`
 * when something was not offered.
 */
export function checkChosen(
  previews: readonly PreviewedBinding[],
  chosen: Chosen,
  document: Pick<WorkflowDocument, 'nodes'>,
): Record<string, ChosenBinding> {
  const offered = new Map(previews.map((preview) => [preview.node, preview]))
  for (const node of Object.keys(chosen)) refuseUnoffered(node, offered.get(node))
  const bindings = new Map<string, ChosenBinding>()
  for (const preview of previews) {
    if (preview.problem) throw new AppError('invalid-binding', preview.problem.message, preview.problem)
    if (preview.mode === 'start') bindings.set(preview.node, choose(preview, chosen))
  }
  for (const { node, source } of copies(document)) {
    const original = bindings.get(source)
    if (original) bindings.set(node, original)
  }
  return Object.fromEntries(bindings)
}

function refuseUnoffered(node: string, preview: PreviewedBinding | undefined): void {
  const pointer = `/${node.replaceAll('~', '~0').replaceAll('/', '~1')}`
  if (!preview) throw new AppError('invalid-binding', `The node ${node} has no binding`, { pointer })
  if (preview.mode !== 'start') {
    const detail = `The records of ${node} are not chosen at the start: its binding has mode ${preview.mode}`
    throw new AppError('invalid-binding', detail, {
      pointer,
      why: { key: 'not-chosen-at-start', node },
    })
  }
}

function choose(preview: PreviewedBinding, chosen: Chosen): ChosenBinding {
  const collection = preview.collection ?? ''
  const ids = Object.hasOwn(chosen, preview.node) ? chosen[preview.node] : undefined
  if (ids === undefined) return { collection, records: preview.records }
  const offered = new Map(preview.records.map((record) => [record.id, record]))
  const wanted = new Set<string>()
  for (const [index, id] of ids.entries()) {
    const pointer = `/${preview.node}/${index}`
    if (!offered.has(id)) {
      throw new AppError('invalid-binding', `${id} was not offered to ${preview.node}`, {
        pointer,
        why: { key: 'not-offered', record: id, node: preview.node },
      })
    }
    if (wanted.has(id))
      throw new AppError('invalid-binding', `${id} is chosen twice`, {
        pointer,
        why: { key: 'named-twice', record: id },
      })
    wanted.add(id)
  }
  return { collection, records: preview.records.filter((record) => wanted.has(record.id)) }
}

/** Each node of mode `same-as` with the node at the end of its chain. The preview has refused rings. */
export function copies({ nodes }: Pick<WorkflowDocument, 'nodes'>): Array<{ node: string; source: string }> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodes.flatMap((node) => {
    if (!node.bind || modeOf(node) !== 'same-as') return []
    let source: BoundNode | undefined = node
    while (source?.bind && modeOf(source) === 'same-as') source = byId.get(source.bind.node ?? '')
    return source ? [{ node: node.id, source: source.id }] : []
  })
}
