// What has not changed stays the same object, so that an update draws only the cards it is about.
import type { CanvasModel } from './model.ts'

/** `next` with the nodes and edges of `previous` wherever they are equal. */
export function keepSame(previous: CanvasModel | undefined, next: CanvasModel): CanvasModel {
  if (!previous) return next
  const nodes = keepList(previous.nodes, next.nodes)
  const edges = keepList(previous.edges, next.edges)
  return nodes === previous.nodes && edges === previous.edges ? previous : { nodes, edges }
}

/** Models of one structure list the same things in the same order. */
function keepList<T extends object>(previous: T[], next: T[]): T[] {
  let changed = previous.length !== next.length
  const list = next.map((item, index) => {
    const before = previous[index]
    if (before && isEqual(before, item)) return before
    changed = true
    return item
  })
  return changed ? list : previous
}

/** Runs are compared as objects: each has few properties that change, and a new object for every change. */
function isEqual(one: object, other: object, depth = 2): boolean {
  const entries = Object.entries(one)
  if (entries.length !== Object.keys(other).length) return false
  return entries.every(([key, value]) => {
    const twin: unknown = other[key as keyof typeof other]
    if (value === twin) return true
    if (depth === 0 || key === 'run') return false
    return isObject(value) && isObject(twin) && isEqual(value, twin, depth - 1)
  })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
