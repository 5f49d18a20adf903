// The node runs of an execution as a tree, in the order of the graph. Pure: what is drawn can be tested.
import type { NodeRun } from '../../api/contract/node-runs.ts'
import type { NodeDocument, WorkflowDocument } from '../../core/document.ts'
import { itemId, keyOf, ownerOf, runId, scopeOf } from '../../core/run-id.ts'
import { isFailure, isSettled } from '../../core/statuses.ts'
import type { Shown } from './look.ts'
import type { Picture } from './picture.ts'

export interface Branch {
  /** Run id, or the id of a scope. */
  id: string
  title: string
  status: Shown
  /** Absent for scopes and for nodes that have not started. */
  run?: NodeRun
  /** Of bound nodes and loops: how many of how many have ended, and how many of those badly. */
  progress?: { done: number; total: number; failed: number }
  children: Branch[]
  /** Children that are not shown, because they went well or are too many. */
  more: number
}

/** Children shown of one container; of more only what failed and what is under way. */
const mostChildren = 8

interface Index {
  picture: Picture
  order: readonly NodeDocument[]
  /** Keys of the items of a run, in order of appearance. */
  keys: ReadonlyMap<string, readonly string[]>
}

export function treeOf(picture: Picture): Branch[] {
  const index = { picture, order: inOrder(picture.document), keys: keysOf(picture.runs.keys()) }
  return nodesIn(index, { scope: '', parent: undefined, branch: undefined })
}

interface Place {
  scope: string
  parent: string | undefined
  branch: string | undefined
}

function nodesIn(index: Index, { scope, parent, branch }: Place): Branch[] {
  return index.order
    .filter((node) => node.parent === parent && (branch === undefined || node.branch === branch))
    .map((node) => branchOf(index, runId(scope, node.id), node))
}

function branchOf(index: Index, id: string, node: NodeDocument): Branch {
  const run = index.picture.runs.get(id)
  const all = run || index.keys.has(id) ? childrenOf(index, id, node) : []
  const children = mostTelling(all)
  const progress = progressOf(index, id, node)
  return {
    id,
    title: node.title ?? node.id,
    status: run
      ? statusAround(run, all)
      : index.picture.head.notReached.includes(node.id)
        ? 'not-reached'
        : 'not-started',
    ...(run ? { run } : {}),
    ...(progress ? { progress } : {}),
    children,
    more: all.length - children.length,
  }
}

function childrenOf(index: Index, id: string, node: NodeDocument): Branch[] {
  const keys = index.keys.get(id) ?? []
  if (keys.length > 0) return keys.map((key) => itemOf(index, itemId(id, key), node))
  return index.order.some(({ parent }) => parent === node.id) && node.type === 'group'
    ? nodesIn(index, { scope: id, parent: node.id, branch: undefined })
    : []
}

/** One bound record, iteration or branch. */
function itemOf(index: Index, id: string, node: NodeDocument): Branch {
  const own = branchOf(index, id, { ...node, title: keyOf(id) ?? id })
  if (own.children.length > 0) return own
  const branch = node.type === 'parallel' ? keyOf(id) : undefined
  const children = nodesIn(index, { scope: id, parent: node.id, branch })
  const status = own.run ? own.status : statusOfAll(children)
  return {
    ...own,
    status,
    children: mostTelling(children),
    more: Math.max(0, children.length - mostChildren),
  }
}

/** A person has to look into what runs on elsewhere in it. */
const statusAround = ({ status }: NodeRun, inside: readonly Branch[]): Shown =>
  status === 'running' && inside.some((branch) => branch.status === 'risky') ? 'risky' : status

function statusOfAll(children: readonly Branch[]): Shown {
  const statuses = children.map(({ status }) => status)
  const telling =
    statuses.find((status) => isBad(status)) ??
    statuses.find((status) => status === 'risky') ??
    statuses.find((status) => isLive(status))
  if (telling) return telling
  return statuses.includes('completed') ? 'completed' : 'not-started'
}

const isKnown = (status: Shown) => status !== 'not-started' && status !== 'not-reached'
const isBad = (status: Shown) => isKnown(status) && isFailure(status as NodeRun['status'])
const isLive = (status: Shown) => isKnown(status) && !isSettled(status as NodeRun['status'])

/** All of a few; of many those that failed and those under way. */
function mostTelling(children: readonly Branch[]): Branch[] {
  if (children.length <= mostChildren) return [...children]
  const bad = children.filter(({ status }) => isBad(status))
  const live = children.filter(({ status }) => isLive(status))
  const chosen = new Set([...bad, ...live].slice(0, mostChildren))
  return children.filter((child) => chosen.has(child))
}

function progressOf(index: Index, id: string, node: NodeDocument): Branch['progress'] {
  const keys = index.keys.get(id) ?? []
  const total = index.picture.bound.get(id) ?? (node.bind && ownerOf(id) === undefined ? keys.length : 0)
  if (total === 0) return undefined
  const items = keys.map((key) => index.picture.runs.get(itemId(id, key))?.status ?? 'queued')
  const done = items.filter((status) => isSettled(status) && !isFailure(status)).length
  return { done, total, failed: items.filter(isFailure).length }
}

function keysOf(ids: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, Set<string>>()
  for (const id of ids) {
    for (let at = id; at !== ''; at = ownerOf(at) ?? scopeOf(at)) {
      const owner = ownerOf(at)
      if (owner === undefined) continue
      const keys = found.get(owner) ?? new Set()
      found.set(owner, keys.add(keyOf(at) as string))
    }
  }
  return new Map([...found].map(([owner, keys]) => [owner, [...keys].sort(byNumber)]))
}

/** Iterations in their order; records and branches as they began. */
function byNumber(a: string, b: string): number {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : 0
}

/** Nodes after those that lead to them; otherwise as in the document. */
function inOrder({ nodes, edges }: WorkflowDocument): NodeDocument[] {
  const sources = new Map(nodes.map(({ id }) => [id, [] as string[]]))
  for (const { from, to } of edges) sources.get(to)?.push(from)
  const done = new Set<string>()
  const ordered: NodeDocument[] = []
  const left = [...nodes]
  while (left.length > 0) {
    const next = left.findIndex(({ id }) => sources.get(id)?.every((from) => done.has(from)))
    // A document with a circle or an edge from nowhere is shown as it is written.
    for (const node of left.splice(Math.max(0, next), 1)) {
      done.add(node.id)
      ordered.push(node)
    }
  }
  return ordered
}
