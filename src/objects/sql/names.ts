// Names of tables and columns. Keys are checked when a collection is made; they are checked again before they
// become part of a statement, because nothing else stands between them and the database.
import { type CollectionSchema, findRelation, keyPattern, type RelationSide } from '../../core/collections.ts'

const key = new RegExp(keyPattern)

/** A key as an identifier. Throws for anything that is not a key: that is a bug, never input. */
export function quoteName(name: string): string {
  if (!key.test(name)) throw new Error(`Not a key: ${JSON.stringify(name)}`)
  return `"${name}"`
}

/** A text constant, for definitions, where PostgreSQL takes no parameters. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return text.includes('\\') ? `E${quoted}` : quoted
}

/** The table with the records of a collection. */
export function tableOf(collection: string): string {
  return `data.${quoteName(collection)}`
}

/** Of a many-to-one relation, on the side that declared it. */
export function relationColumn(relation: string): string {
  return quoteName(`${relation}_id`)
}

export function linkTableName(collection: string, relation: string): string {
  return `${collection}__${relation}`
}

export interface Link {
  table: string
  /** The column with the ids of this side's records. */
  here: string
  there: string
}

/** The link table of a many-to-many relation as seen from `collection`. */
export function linkOf(collection: string, relation: RelationSide): Link {
  return relation.owner
    ? { table: tableOf(linkTableName(collection, relation.name)), here: 'from_id', there: 'to_id' }
    : { table: tableOf(linkTableName(relation.to, relation.inverse)), here: 'to_id', there: 'from_id' }
}

/** The column behind a name that a filter or sort may use (`findField` in core). */
export function columnOf(collection: CollectionSchema, name: string): string {
  return findRelation(collection, name) ? relationColumn(name) : quoteName(name)
}
