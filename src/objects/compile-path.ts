// A path as ONE parameterised statement, with the row permissions of the caller at every record it passes.
import type {
  CollectionSchema,
  CollectionSchemas,
  FieldDefinition,
  RelationSide,
} from '../core/collections.ts'
import { AppError } from '../core/errors.ts'
import type { Filter, Path } from '../core/path/ast.ts'
import { checkPath } from '../core/path/check.ts'
import { requireCollection } from './collection-schemas.ts'
import { permissionSql, type RowPermissions } from './permissions.ts'
import { compileFilter, type FilterTarget } from './sql/filter.ts'
import { columnOf, linkOf, relationColumn, tableOf } from './sql/names.ts'
import { openParams, type Params } from './sql/params.ts'

export interface PathRequest {
  path: Path
  /** The collection of the record the path starts from, and its id. */
  from: string
  id: string
  permissions: RowPermissions
  /** So many records at most. */
  limit: number
}

export interface CompiledPath {
  /** Rows `{ id, label }`, and `value` when the path ends with a field; by label, then id; each record once. */
  text: string
  values: unknown[]
  collection: string
  toOne: boolean
  field?: FieldDefinition
}

/** Throws AppError `invalid-path` with spans when the path does not fit the collections. */
export function compilePath(request: PathRequest, schemas: CollectionSchemas): CompiledPath {
  const { collection, relations, field, toOne } = fittingPath(request.path, request.from, schemas)
  const params = openParams()
  const context = { ...request, relations, schemas, params }
  const last = relations.length
  const value = field
    ? `, to_jsonb(t${last}.${columnOf(requireCollection(schemas, collection), field.key)}) as value`
    : ''
  const text = `select t${last}.id, t${last}.label${value} from ${tableOf(collection)} t${last}
    where ${reached(context, last)}
    order by t${last}.label, t${last}.id limit ${params.add(request.limit, 'bigint')}`
  return { text, values: params.values, collection, toOne, ...(field ? { field } : {}) }
}

/** The path with every step resolved. Throws AppError `invalid-path`. */
export function fittingPath(path: Path, from: string, schemas: CollectionSchemas) {
  const checked = checkPath(path, from, schemas)
  const first = checked.problems[0]
  if (first || checked.collection === undefined) {
    throw new AppError('invalid-path', first?.message ?? 'The path leads nowhere', {
      ...(first?.span ? { span: first.span } : {}),
      problems: checked.problems,
    })
  }
  return { ...checked, collection: checked.collection }
}

interface Context extends PathRequest {
  relations: RelationSide[]
  schemas: CollectionSchemas
  params: Params
}

/**
 * The condition under which a record `t<level>` is reached. Each level asks whether the record is among those that
 * the level before leads to: records reached in several ways are still one, and nothing multiplies on the way.
 */
function reached(context: Context, level: number): string {
  const { from, id, path, permissions, relations, schemas, params } = context
  const relation = relations[level - 1]
  const target = { collection: requireCollection(schemas, relation?.to ?? from), alias: `t${level}`, params }
  const way = relation ? cameBy(context, level, relation) : `t0.id = ${params.add(id, 'text')}`
  const filter = relation ? path.steps[level - 1]?.filter : path.filter
  return [way, admitted(permissions, filter, target)].join(' and ')
}

function cameBy(context: Context, level: number, relation: RelationSide): string {
  const before = collectionAt(context, level - 1)
  const previous = `t${level - 1}`
  const select = (column: string) =>
    `select ${previous}.${column} from ${tableOf(before.key)} ${previous} where ${reached(context, level - 1)}`
  switch (relation.kind) {
    case 'many-to-one':
      return `t${level}.id in (${select(relationColumn(relation.name))})`
    case 'one-to-many':
      return `t${level}.${relationColumn(relation.inverse)} in (${select('id')})`
    case 'many-to-many': {
      const { table, here, there } = linkOf(before.key, relation)
      return `t${level}.id in (select l.${there} from ${table} l where l.${here} in (${select('id')}))`
    }
  }
}

function collectionAt({ relations, from, schemas }: Context, level: number): CollectionSchema {
  return requireCollection(schemas, relations[level - 1]?.to ?? from)
}

/** Permission and filter of one record on the way. */
export function admitted(
  permissions: RowPermissions,
  filter: Filter | undefined,
  target: FilterTarget,
): string {
  const permission = permissionSql(permissions, target)
  return filter ? `${permission} and ${compileFilter(filter, target)}` : permission
}
