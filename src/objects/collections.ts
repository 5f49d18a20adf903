// Creating and removing collections: a row in the catalogue and a real table in schema `data`, in one transaction.
import type { CollectionDefinition, CollectionSchema, CollectionSchemas } from '../core/collections.ts'
import { findCollection } from '../core/collections.ts'
import { AppError, type Problem } from '../core/errors.ts'
import type { Db } from '../store/db.ts'
import {
  deleteCollections,
  insertCollection,
  insertFields,
  insertRelation,
  lockCatalogue,
} from './catalogue.ts'
import {
  checkOwnNames,
  checkRelation,
  checkShapes,
  checkUniqueNames,
  linkTables,
} from './checks/definition.ts'
import { throwFirst } from './checks/shape.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { addRelation, createTable, dropRelation, dropTable } from './sql/tables.ts'

/** Throws AppError `invalid-collection` with a pointer, or `already-exists`. */
export async function createCollection(db: Db, definition: CollectionDefinition): Promise<CollectionSchema> {
  const schemas = await createCollections(db, [definition])
  return requireCollection(schemas, definition.key)
}

/** Several at once, so that they may refer to each other in any order. Pointers begin with the index. */
export async function createCollections(
  db: Db,
  definitions: readonly CollectionDefinition[],
): Promise<CollectionSchemas> {
  checkShapes(definitions)
  return db.transaction(async (tx) => {
    await lockCatalogue(tx)
    checkDefinitions(definitions, await loadCollectionSchemas(tx))
    for (const definition of definitions) {
      await insertCollection(tx, definition)
      await insertFields(tx, definition.key, definition.fields)
      await runAll(tx, createTable(definition))
    }
    for (const { key, relations } of definitions) {
      for (const relation of relations ?? []) {
        await insertRelation(tx, key, relation)
        await runAll(tx, addRelation(key, relation))
      }
    }
    return loadCollectionSchemas(tx)
  })
}

/** Removes the collection with all its records. Throws `in-use` when another collection refers to it. */
export async function dropCollection(db: Db, key: string): Promise<void> {
  await dropCollections(db, [key])
}

/** Several at once, whatever relations they have among themselves. */
export async function dropCollections(db: Db, keys: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await lockCatalogue(tx)
    const schemas = await loadCollectionSchemas(tx)
    const collections = [...new Set(keys)].map((key) => requireCollection(schemas, key))
    for (const collection of collections) refuseReferred(collection, keys)
    await runAll(tx, collections.flatMap(dropOwnRelations))
    await runAll(
      tx,
      collections.flatMap((collection) => dropTable(collection.key)),
    )
    await deleteCollections(tx, keys)
  })
}

/** What was recorded of the records of collections that are gone. */
export async function forgetChanges(db: Db, keys: readonly string[]): Promise<void> {
  await db.run('delete from fermata.data_changes where collection = any($1)', [keys])
}

/** Definitions are a handful of statements that PostgreSQL takes one by one. */
export async function runAll(db: Db, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await db.run(statement)
}

function refuseReferred(collection: CollectionSchema, leaving: readonly string[]): void {
  const referring = collection.relations.find((each) => !each.owner && !leaving.includes(each.to))
  if (!referring) return
  const detail = `${referring.to}.${referring.inverse} refers to ${collection.key}; remove that relation first`
  throw new AppError('in-use', detail)
}

function dropOwnRelations(collection: CollectionSchema): string[] {
  return collection.relations.flatMap(({ owner, name, kind, to, inverse }) =>
    owner && kind !== 'one-to-many' ? dropRelation(collection.key, { name, kind, to, inverse }) : [],
  )
}

function checkDefinitions(definitions: readonly CollectionDefinition[], existing: CollectionSchemas): void {
  const at = (index: number) => (definitions.length > 1 ? `/${index}` : '')
  refuseTaken(definitions, existing, at)
  const schemas = joined(definitions, existing)
  const problems: Problem[] = []
  for (const [index, definition] of definitions.entries()) {
    const { key } = definition
    problems.push(...checkOwnNames(definition, at(index)))
    for (const [place, relation] of (definition.relations ?? []).entries()) {
      const context = { collection: key, schemas, at: `${at(index)}/relations/${place}` }
      problems.push(...checkRelation(relation, context))
    }
  }
  for (const collection of Object.values(schemas)) {
    const index = definitions.findIndex((definition) => definition.key === collection.key)
    problems.push(...checkUniqueNames(collection, index < 0 ? '' : at(index)))
  }
  throwFirst('invalid-collection', problems)
}

function refuseTaken(
  definitions: readonly CollectionDefinition[],
  existing: CollectionSchemas,
  at: (index: number) => string,
): void {
  const links = linkTables(existing)
  const seen = new Set<string>()
  for (const [index, { key }] of definitions.entries()) {
    if (findCollection(existing, key) || links.has(key) || seen.has(key)) {
      throw new AppError('already-exists', `There is already a collection ${key}`, {
        pointer: `${at(index)}/key`,
      })
    }
    seen.add(key)
  }
}

/** The schemas as they will be, both sides of each new relation included. */
export function joined(
  definitions: readonly CollectionDefinition[],
  existing: CollectionSchemas,
): Record<string, CollectionSchema> {
  const schemas = structuredClone(existing) as Record<string, CollectionSchema>
  for (const { key, title, label, fields } of definitions) {
    schemas[key] = { key, title, label: label ?? '{id}', fields, relations: [] }
  }
  for (const { key, relations } of definitions) {
    for (const { name, to, inverse, kind } of relations ?? []) {
      schemas[key]?.relations.push({ name, to, inverse, kind, owner: true })
      const back = kind === 'many-to-one' ? 'one-to-many' : kind
      if (Object.hasOwn(schemas, to)) {
        schemas[to]?.relations.push({ name: inverse, to: key, inverse: name, kind: back, owner: false })
      }
    }
  }
  return schemas
}
