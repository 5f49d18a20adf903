// Bindings: their paths exist in the collections, and a copied one has something to copy.
import { findCollection } from '../collections.ts'
import { AppError, type Problem } from '../errors.ts'
import { type CheckedPath, checkPath } from '../path/check.ts'
import { parsePath } from '../path/parse.ts'
import { type Check, type Finding, type LocatedNode, report } from './context.ts'
import type { Order } from './order.ts'

export function checkTarget(check: Check): void {
  const { collections } = check.context
  const { target } = check.document
  if (!target || !collections || findCollection(collections, target.collection)) return
  const message = `There is no collection ${target.collection}`
  report(check, { code: 'unknown-collection', message, pointer: '/target/collection' })
}

export function checkBindings(check: Check, order: Order): void {
  const sound = new Map<string, readonly Problem[]>()
  for (const located of check.nodes.values()) {
    const { bind } = located.node
    if (!bind) continue
    if (bind.mode === 'same-as') checkCopied(check, order, located)
    else checkOwn(check, located, sound)
  }
}

function checkOwn(
  check: Check,
  { node, pointer }: LocatedNode,
  known: Map<string, readonly Problem[]>,
): void {
  const at = { pointer: `${pointer}/bind`, node: node.id }
  if (!check.document.target) {
    const message = `${node.id} binds records by a path from the target, but the workflow has no target`
    report(check, { code: 'no-target', message, ...at })
    return
  }
  const path = node.bind?.path ?? ''
  const problems = known.get(path) ?? pathProblems(check, path)
  known.set(path, problems)
  for (const problem of problems) {
    report(check, { ...(problem as Finding), pointer: `${pointer}/bind/path`, node: node.id })
  }
}

function pathProblems(check: Check, path: string): readonly Problem[] {
  try {
    const checked = follow(check, path)
    if (!checked || checked.problems.length > 0 || !checked.field) return checked?.problems ?? []
    const message = `A binding ends with records, not with the field ${checked.field.key}`
    return [{ code: 'invalid-binding', message, pointer: '' }]
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { span } = error.details
    return [{ code: 'invalid-path', message: error.message, pointer: '', ...(span ? { span } : {}) }]
  }
}

/** Undefined when the collections are not known. Throws `invalid-path` for what does not parse. */
function follow(check: Check, path: string): CheckedPath | undefined {
  const { collections } = check.context
  const parsed = parsePath(path)
  const from = check.document.target?.collection
  if (!collections || from === undefined || !findCollection(collections, from)) return undefined
  return checkPath(parsed, from, collections)
}

function checkCopied(check: Check, order: Order, { node, pointer }: LocatedNode): void {
  const from = node.bind?.node
  const at = { pointer: `${pointer}/bind/node`, node: node.id }
  if (from === undefined) {
    const message = `${node.id} copies a binding, but does not name the node it copies from`
    report(check, { code: 'invalid-binding', message, ...at, pointer: `${pointer}/bind` })
    return
  }
  const source = check.nodes.get(from)
  if (!source) report(check, { code: 'unknown-node', message: `There is no node ${from}`, ...at })
  else if (!source.node.bind) {
    report(check, { code: 'invalid-binding', message: `${from} has no binding to copy`, ...at })
  } else if (from === node.id) {
    report(check, { code: 'invalid-binding', message: `${from} cannot copy its own binding`, ...at })
  } else if (!isBoundBefore(order, source, node.id)) {
    const message = `${from} gets its records only when it starts, and no edges lead from it to ${node.id}`
    report(check, { code: 'not-before', message, ...at })
  }
}

/** Bindings of mode `start` are there from the start; others when their node starts. */
function isBoundBefore(order: Order, { node }: LocatedNode, id: string): boolean {
  return (node.bind?.mode ?? 'start') === 'start' || order.isBefore(node.id, id)
}

/** Where the records of a bound node come from, as far as the paths tell. */
export function collectionOfBinding(check: Check, bound: LocatedNode): string | undefined {
  const seen = new Set<string>()
  let at: LocatedNode | undefined = bound
  while (at?.node.bind?.mode === 'same-as') {
    if (seen.has(at.node.id)) return undefined
    seen.add(at.node.id)
    at = check.nodes.get(at.node.bind.node ?? '')
  }
  if (!at?.node.bind) return undefined
  try {
    return follow(check, at.node.bind.path ?? '')?.collection
  } catch {
    return undefined
  }
}
