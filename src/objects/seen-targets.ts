// Row permission as a condition on the target of a row: a search must not find what it would then show without a name.
import { type CollectionSchemas, findCollection } from '../core/collections.ts'
import type { SeenTargets, Where } from '../store/where.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { tableOf } from './sql/names.ts'
import type { Params } from './sql/params.ts'

interface Rules {
  permissions: RowPermissions
  /** Collections of which `permissions` does not allow everything. */
  restricted: readonly string[]
}

export function seenTargets(schemas: CollectionSchemas, { permissions, restricted }: Rules): SeenTargets {
  return (w, { collection, id }) => {
    const open = `${collection} <> all(${w.param(restricted)}::text[])`
    const some = restricted.map((key) => {
      const schema = findCollection(schemas, key)
      if (!schema) return 'false'
      // `offset 0`: each is looked up by its id; else PostgreSQL reads the whole table into a hash first.
      const allowed = permissionSql(permissions, { collection: schema, alias: 'seen', params: paramsOf(w) })
      return `(${collection} = ${w.param(key)} and exists (
        select from ${tableOf(key)} seen where seen.id = ${id} and ${allowed} offset 0))`
    })
    return `(${[open, ...some].join(' or ')})`
  }
}

const paramsOf = (w: Where): Params => ({ add: (value, type) => `${w.param(value)}::${type}` })
