// Documents and their context for tests: real node types, the small data center as plain schemas.
import type { CollectionDefinition, CollectionSchemas } from '../../src/core/collections.ts'
import type { ValidateContext } from '../../src/core/validate/context.ts'
import { loadNodeTypes } from '../../src/runtime/registry.ts'
import { dataCenter } from './data-center.ts'

/** A document with the parts given; everything else is as small as can be. */
export function workflow(parts: object): Record<string, unknown> {
  return { format: 'fermata/1', key: 'test', title: 'Test', nodes: [], edges: [], ...parts }
}

/** Both sides of every relation, as the catalogue gives them. */
export function schemasOf(definitions: readonly CollectionDefinition[]): CollectionSchemas {
  const schemas = definitions.map(({ key, title, label = '{id}', fields, relations = [] }) => ({
    key,
    title,
    label,
    fields,
    relations: [
      ...relations.map(({ name, to, inverse, kind }) => ({ name, to, inverse, kind, owner: true })),
      ...definitions.flatMap((other) =>
        (other.relations ?? [])
          .filter(({ to }) => to === key)
          .map(({ name, inverse, kind }) => ({
            name: inverse,
            to: other.key,
            inverse: name,
            kind: kind === 'many-to-one' ? ('one-to-many' as const) : kind,
            owner: false,
          })),
      ),
    ],
  }))
  return Object.fromEntries(schemas.map((schema) => [schema.key, schema]))
}

export const collections = schemasOf(dataCenter)

export async function realContext(): Promise<ValidateContext> {
  return { nodeTypes: await loadNodeTypes(), collections }
}
