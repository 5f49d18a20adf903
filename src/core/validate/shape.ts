// Before anything else: is it JSON of bearable size, and does it have the shape of a document?
import Type from 'typebox'
import { EdgeDocument, NodeDocument, WorkflowDocument } from '../document.ts'
import type { Problem } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import { pointerPart, report } from './context.ts'
import { fits, misfits } from './schema-errors.ts'

export const maxDepth = 64
export const maxNodes = 2000
export const maxEdges = 10_000
/** Values of all kinds in the whole document. */
export const maxValues = 500_000

/** Complaints about size and shape; empty for what is a `WorkflowDocument`. */
export function checkShape(value: unknown): Problem[] {
  const problems: Problem[] = []
  const found = tooMany(value) ?? checkSize(value)
  if (found) report({ problems }, found)
  else if (!fits(WorkflowDocument, value))
    for (const problem of shapeProblems(value)) report({ problems }, problem)
  return problems
}

type Found = Parameters<typeof report>[1]

/** Asked first, so that a huge document costs nothing. */
function tooMany(value: unknown): Found | undefined {
  if (!isJsonObject(value)) return undefined
  const { nodes, edges } = value
  if (Array.isArray(nodes) && nodes.length > maxNodes)
    return tooLarge('/nodes', nodes.length, `${maxNodes} nodes`)
  if (Array.isArray(edges) && edges.length > maxEdges)
    return tooLarge('/edges', edges.length, `${maxEdges} edges`)
  return undefined
}

const tooLarge = (pointer: string, count: number, limit: string): Found => ({
  code: 'too-large',
  message: `A workflow has at most ${limit}; these are ${count}`,
  pointer,
})

interface Spot {
  value: unknown
  pointer: string
  depth: number
}

/** Whether it is JSON of bearable depth and size. Without recursion: depth is what it is about. */
export function checkSize(document: unknown): Found | undefined {
  const stack: Spot[] = [{ value: document, pointer: '', depth: 0 }]
  let values = 0
  for (let spot = stack.pop(); spot; spot = stack.pop()) {
    const keys = isContainer(spot.value) ? Object.keys(spot.value) : []
    values += keys.length
    const problem = spotProblem(spot, keys, values)
    if (problem) return problem
    for (const key of keys) {
      const value = (spot.value as Record<string, unknown>)[key]
      if (isContainer(value) || !isScalar(value)) {
        stack.push({ value, pointer: `${spot.pointer}/${pointerPart(key)}`, depth: spot.depth + 1 })
      }
    }
  }
  return undefined
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

function spotProblem(spot: Spot, keys: readonly string[], values: number): Found | undefined {
  const { value, pointer, depth } = spot
  if (!isContainer(value)) {
    if (isScalar(value)) return undefined
    return { code: 'invalid-document', message: 'This is not a JSON value', pointer }
  }
  if (depth >= maxDepth) {
    const why = { key: 'too-many-levels', limit: maxDepth } as const
    return { code: 'too-deep', message: `A document is nested at most ${maxDepth} levels deep`, why, pointer }
  }
  if (values > maxValues) return { ...tooLarge('', values, `${maxValues} values`), pointer }
  const storable = keys.every(isScalar)
  if (!storable) return { code: 'invalid-document', message: 'A name here cannot be stored', pointer }
  if (!keys.includes('__proto__')) return undefined
  return { code: 'invalid-document', message: 'The name __proto__ is not allowed', pointer }
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || value === undefined || typeof value === 'boolean'
}

const Frame = Type.Object(
  { ...WorkflowDocument.properties, nodes: Type.Array(Type.Unknown()), edges: Type.Array(Type.Unknown()) },
  { additionalProperties: false },
)

/** Nodes and edges are checked one by one: each gets its own complaints. */
function shapeProblems(value: unknown): Found[] {
  if (!isJsonObject(value)) return [{ code: 'invalid-document', message: 'expected a map', pointer: '' }]
  const frame = misfits(Frame, value).map((misfit) => ({ ...misfit, code: 'invalid-document' as const }))
  return [
    ...frame,
    ...itemProblems(NodeDocument, value.nodes, '/nodes'),
    ...itemProblems(EdgeDocument, value.edges, '/edges'),
  ]
}

function itemProblems(schema: object, list: unknown, at: string): Found[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index) =>
    misfits(schema, item).map(({ pointer, ...misfit }) => ({
      ...misfit,
      code: 'invalid-document' as const,
      pointer: `${at}/${index}${pointer}`,
      ...(isJsonObject(item) && typeof item.id === 'string' ? { node: item.id } : {}),
    })),
  )
}
