// The config of a node against the schema of its type, and the names in it that refer to other things.
import { findCollection } from '../collections.ts'
import { isJsonObject } from '../json.ts'
import { type Check, hasHoles, type LocatedNode, report } from './context.ts'
import { misfits } from './schema-errors.ts'

export function checkTypes(check: Check): void {
  for (const { node, facts, pointer } of check.nodes.values()) {
    const at = { pointer: `${pointer}/type`, node: node.id }
    if (!facts) report(check, { code: 'unknown-type', message: `There is no node type ${node.type}`, ...at })
    else if (facts.waits && check.context.synchronous) {
      const message = `${node.id} can wait, but whoever starts this workflow waits for its end`
      report(check, { code: 'waits-in-synchronous', message, ...at })
    }
  }
}

export function checkConfigs(check: Check): void {
  for (const located of check.nodes.values()) {
    const { node, facts, pointer } = located
    if (!facts) continue
    for (const misfit of misfits(facts.config, node.config ?? {})) {
      report(check, {
        ...misfit,
        code: 'invalid-config',
        pointer: `${pointer}/config${misfit.pointer}`,
        node: node.id,
      })
    }
    checkCollections(check, located)
  }
}

function checkCollections(check: Check, located: LocatedNode): void {
  const { collections } = check.context
  if (!collections) return
  for (const { name, pointer } of referredNames(located, 'collection')) {
    if (findCollection(collections, name)) continue
    const message = `There is no collection ${name}`
    report(check, { code: 'unknown-collection', message, pointer, node: located.node.id })
  }
}

export interface ReferredName {
  name: string
  pointer: string
}

/** Texts of the config whose schema says `x-refers: kind`, unless they are known only at run time. */
export function referredNames(
  { node, facts, pointer }: Pick<LocatedNode, 'node' | 'facts' | 'pointer'>,
  kind: 'workflow' | 'collection',
): ReferredName[] {
  const properties = isJsonObject(facts?.config) ? facts.config.properties : undefined
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = node.config?.[key]
    const refers = isJsonObject(schema) && schema['x-refers'] === kind
    if (!refers || typeof name !== 'string' || hasHoles(name)) return []
    return [{ name, pointer: `${pointer}/config/${key}` }]
  })
}
