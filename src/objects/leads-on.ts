// Whether a path leads on from a record, as one condition of a statement: with the row permissions at every record on
// the way. The inverse question to `compile-path.ts`, which asks where a path leads.
import type { CollectionSchema, CollectionSchemas, RelationSide } from '../core/collections.ts'
import { AppError } from '../core/errors.ts'
import type { Path } from '../core/path/ast.ts'
import { requireCollection } from './collection-schemas.ts'
import { admitted, fittingPath } from './compile-path.ts'
import type { RowPermissions } from './permissions.ts'
import type { FilterTarget } from './sql/filter.ts'
import { linkOf, relationColumn, tableOf } from './sql/names.ts'

interface Way {
  path: Path
  permissions: RowPermissions
  schemas: CollectionSchemas
}

/** Throws AppError `invalid-path` when the path does not fit the collections, or ends with a field. */
export function leadsOn(way: Way, target: FilterTarget): string {
  const { relations, field } = fittingPath(way.path, target.collection.key, way.schemas)
  if (field) {
    const { span } = way.path.steps.at(-1) ?? {}
    throw new AppError('invalid-path', `A condition ends with records, not with the field ${field.key}`, {
      ...(span ? { span } : {}),
    })
  }
  return from({ ...way, relations }, target, 0)
}

function from(way: Way & { relations: RelationSide[] }, target: FilterTarget, level: number): string {
  const { path, permissions, relations, schemas } = way
  const own = admitted(permissions, level === 0 ? path.filter : path.steps[level - 1]?.filter, target)
  const relation = relations[level]
  if (!relation) return own
  const next = { ...target, collection: requireCollection(schemas, relation.to), alias: `s${level + 1}` }
  const reached = (column: string) =>
    `select ${next.alias}.${column} from ${tableOf(relation.to)} ${next.alias} where ${from(way, next, level + 1)}`
  return `${own} and ${step(target.collection, target.alias, { relation, reached })}`
}

function step(
  here: CollectionSchema,
  alias: string,
  { relation, reached }: { relation: RelationSide; reached: (column: string) => string },
): string {
  switch (relation.kind) {
    case 'many-to-one':
      return `${alias}.${relationColumn(relation.name)} in (${reached('id')})`
    case 'one-to-many':
      return `${alias}.id in (${reached(relationColumn(relation.inverse))})`
    case 'many-to-many': {
      const link = linkOf(here.key, relation)
      return `${alias}.id in (select l.${link.here} from ${link.table} l where l.${link.there} in (${reached('id')}))`
    }
  }
}
