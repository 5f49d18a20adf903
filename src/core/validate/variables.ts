// Which variables an expression may name where it stands, and what is known of their fields.
import { type CollectionSchema, type CollectionSchemas, findCollection, findField } from '../collections.ts'
import type { Reference } from '../expression/expression.ts'
import { isJsonObject } from '../json.ts'
import { collectionOfBinding } from './binding.ts'
import { containersAround } from './containers.ts'
import type { Check, LocatedNode } from './context.ts'
import type { Order } from './order.ts'
import type { ProblemCode } from './problem-codes.ts'

export interface Complaint {
  code: ProblemCode
  message: string
}

export type Judge = (reference: Reference) => Complaint | undefined

/** Judges what the config of a node reads. */
export function judgeOfNode(check: Check, order: Order, located: LocatedNode): Judge {
  const around = containersAround(check, located)
  const loops = around.filter(({ facts }) => facts?.container === 'loop' || facts?.container === 'parallel')
  const bound = [located, ...around].find(({ node }) => node.bind)
  const names = namesAt(check, loops, bound !== undefined)
  let collection: string | undefined
  const boundCollection = () => {
    collection ??= bound && collectionOfBinding(check, bound)
    return collection
  }
  return (reference) => {
    const [first] = reference.path
    if (!names.includes(reference.root)) return unknownVariable(reference.root, names)
    if (first === undefined) return undefined
    switch (reference.root) {
      case 'nodes':
        return order.obstacle(located, first)
      case 'inputs':
        return unknownInput(check, first)
      case 'target':
        return unknownField(check, { collection: check.document.target?.collection, field: first })
      case 'record':
        return unknownField(check, { collection: boundCollection(), field: first })
      case 'loops':
        return unknownLoop(first, loops)
      default:
        return undefined
    }
  }
}

function namesAt(check: Check, loops: readonly LocatedNode[], isBound: boolean): string[] {
  const names = ['inputs', 'nodes', 'execution', 'now', ...targetName(check)]
  if (isBound) names.push('record')
  if (loops.length > 0) names.push('loops', 'item')
  if (loops.some(({ facts }) => facts?.container === 'loop')) names.push('index')
  if (loops.some(({ facts }) => facts?.container === 'parallel')) names.push('branch')
  return names
}

const targetName = (check: Check) => (check.document.target ? ['target'] : [])

/** Judges a text of the document's head, where only some variables are known. */
export function judgeOfHead(check: Check, names: readonly string[]): Judge {
  const { collection } = check.document.target ?? {}
  return ({ root, path: [first] }) => {
    if (!names.includes(root)) return unknownVariable(root, names)
    if (first === undefined) return undefined
    return root === 'inputs' ? unknownInput(check, first) : unknownField(check, { collection, field: first })
  }
}

const hints: Record<string, string> = {
  target: 'the workflow has no target',
  record: 'the node has no binding',
  item: 'the node is in no loop',
  index: 'the node is in no loop',
  branch: 'the node is in no parallel',
  loops: 'the node is in no loop',
}

function unknownVariable(root: string, names: readonly string[]): Complaint {
  const why = hints[root] ?? `there are ${names.join(', ')}`
  return { code: 'unknown-variable', message: `There is no variable ${root} here: ${why}` }
}

function unknownLoop(id: string, loops: readonly LocatedNode[]): Complaint | undefined {
  if (loops.some(({ node }) => node.id === id)) return undefined
  return { code: 'unknown-variable', message: `${id} is no loop around this node` }
}

/** Inputs are known when the schema lists them and says nothing else about which there may be. */
function unknownInput(check: Check, name: string): Complaint | undefined {
  const { inputs } = check.document
  if (!inputs || !isJsonObject(inputs.properties) || Object.hasOwn(inputs.properties, name)) return undefined
  const isOpen = Object.keys(inputs).some((keyword) => openKeywords.has(keyword))
  if (isOpen && inputs.additionalProperties !== false) return undefined
  return { code: 'unknown-input', message: `The workflow has no input ${name}` }
}

const openKeywords = new Set([
  'additionalProperties',
  'patternProperties',
  'unevaluatedProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  '$ref',
])

function unknownField(
  check: Check,
  { collection: key, field }: { collection: string | undefined; field: string },
): Complaint | undefined {
  const collection = schemaOf(check.context.collections, key)
  if (!collection || field === 'collection' || findField(collection, field)) return undefined
  const known = collection.fields.map((each) => each.key).join(', ')
  const message = `${collection.key} has no field ${field}; it has ${known || 'none'}`
  return { code: 'unknown-field', message }
}

const schemaOf = (
  schemas: CollectionSchemas | undefined,
  key: string | undefined,
): CollectionSchema | undefined => (schemas && key !== undefined ? findCollection(schemas, key) : undefined)
