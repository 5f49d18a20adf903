// The one way to write a document down: fixed order of keys, and nothing said that goes without saying.
import type { WorkflowDocument } from '../document.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** The keys of a map in their order; others, such as those of a config, stay as they are written. */
interface Shape {
  keys: readonly string[]
  /** Values that need not be said. */
  defaults?: Readonly<Record<string, Json>>
  parts?: Readonly<Record<string, Shape>>
  /** Of the items of a list. */
  items?: Shape
}

const retry: Shape = { keys: ['attempts', 'delay', 'factor', 'max', 'on'] }
const node: Shape = {
  keys: ['id', 'type', 'title', 'parent', 'branch', 'bind', 'config', 'policy', 'join', 'note'],
  defaults: { join: 'all' },
  parts: {
    bind: {
      keys: ['path', 'mode', 'node', 'concurrency', 'stopAfter'],
      defaults: { mode: 'start' },
      parts: { stopAfter: { keys: ['failed', 'percent'] } },
    },
    policy: {
      keys: ['timeout', 'retry', 'onError', 'allowSkip', 'runOn', 'risk'],
      defaults: { allowSkip: true },
      parts: { retry },
    },
  },
}
const settings: Shape = {
  keys: ['onFailure', 'timeout', 'concurrency', 'lock', 'onLocked', 'runOn', 'retention'],
  parts: {
    concurrency: { keys: ['limit', 'key', 'over'] },
    retention: { keys: ['days', 'keep', 'deleteOn'] },
  },
}
const document: Shape = {
  keys: [
    ...['format', 'key', 'title', 'description', 'kind', 'target', 'inputs', 'settings'],
    ...['nodes', 'edges', 'layout'],
  ],
  defaults: { kind: 'main' },
  parts: {
    target: { keys: ['collection', 'filter'] },
    settings,
    nodes: { keys: [], items: node },
    edges: { keys: [], items: { keys: ['from', 'port', 'to'], defaults: { port: 'out' } } },
  },
}

/**
 * The same document with its keys in their order and without values that are the default anyway. Twice gives the
 * same as once; a document that is canonical already comes back equal.
 */
export function canonical(given: WorkflowDocument): WorkflowDocument {
  const result = arrange(given as unknown as JsonObject, document) as unknown as WorkflowDocument
  return result.layout ? { ...result, layout: arrangeLayout(result) } : result
}

function arrange(value: Json, shape: Shape | undefined): Json {
  if (!shape) return value
  const { items } = shape
  if (Array.isArray(value)) return items ? value.map((item) => arrange(item, items)) : value
  if (!isJsonObject(value)) return value
  const known = shape.keys.filter((key) => Object.hasOwn(value, key))
  const others = Object.keys(value).filter((key) => !shape.keys.includes(key))
  return Object.fromEntries(
    [...known, ...others]
      .filter((key) => value[key] !== undefined && value[key] !== shape.defaults?.[key])
      .map((key) => [key, arrange(value[key] ?? null, shape.parts?.[key])]),
  )
}

/** Positions in the order of the nodes. */
function arrangeLayout({ nodes, layout = {} }: WorkflowDocument): NonNullable<WorkflowDocument['layout']> {
  const ids = nodes.map(({ id }) => id).filter((id) => Object.hasOwn(layout, id))
  const order = new Set([...ids, ...Object.keys(layout)])
  return Object.fromEntries([...order].flatMap((id) => (layout[id] ? [[id, layout[id]]] : [])))
}
