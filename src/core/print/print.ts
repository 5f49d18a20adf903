// Documents as text: `parseDocumentText(print…(x))` is the canonical form of `x`, and printing that gives the same text.
import { Document, isMap, isPair, isScalar, isSeq, type Node, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import type { WorkflowDocument } from '../document.ts'
import { canonical } from './canonical.ts'

export function printJson(document: WorkflowDocument): string {
  return `${JSON.stringify(canonical(document), null, 2)}\n`
}

/** Parts that fit on a line stand on one; texts of several lines stand as they are. */
export function printYaml(document: WorkflowDocument): string {
  const yaml = new Document(canonical(document), {
    aliasDuplicateObjects: false,
    version: '1.2',
    // Quotes what YAML 1.1 takes for something else: yes, no, 1:30.
    compat: 'yaml-1.1',
  })
  visit(yaml, {
    Collection(_, collection, path) {
      if (!hasOwnLines(collection, path) && isShort(collection)) collection.flow = true
      return undefined
    },
  })
  return yaml.toString({ lineWidth: 0 })
}

const lists = new Set(['nodes', 'edges', 'layout'])

/** The document, its lists, and each node: a change of one of their parts is a change of its line. */
function hasOwnLines(collection: YAMLMap | YAMLSeq, path: readonly unknown[]): boolean {
  const depth = path.filter((part) => !isPair(part)).length
  if (depth < 2 || collection.items.length === 0) return depth < 2
  const above = path.at(-1)
  if (depth === 2) return isPair(above) && isScalar(above.key) && lists.has(String(above.key.value))
  return depth === 3 && isSeq(above) && isMap(collection) && collection.has('id')
}

const lineLength = 100

function isShort(collection: Node): boolean {
  let length = 0
  let fits = true
  visit(collection, {
    Scalar(_, { value }) {
      const text = String(value)
      length += text.length + 4
      fits &&= length <= lineLength && !text.includes('\n')
      return fits ? undefined : visit.BREAK
    },
  })
  return fits && !(isMap(collection) && collection.items.some(({ value }) => holdsMaps(value)))
}

/** Maps of maps are read more easily one below the other; bindings and policies hold at most one. */
function holdsMaps(value: unknown): boolean {
  if (isScalar(value) || value === null) return false
  if (isSeq(value)) return value.items.some((item) => isMap(item) && item.items.length > 0)
  return isMap(value) && value.items.some((pair) => isMap(pair.value))
}
