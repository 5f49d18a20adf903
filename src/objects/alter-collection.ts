// Changing a collection that has records: catalogue and table together, or nothing.
import Type, { type Static } from 'typebox'
import {
  type CollectionDefinition,
  type CollectionSchema,
  type CollectionSchemas,
  FieldDefinition,
  keyPattern,
  RelationDefinition,
  Title,
} from '../core/collections.ts'
import { AppError, type Problem } from '../core/errors.ts'
import { type Db, sqlState } from '../store/db.ts'
import {
  deleteField,
  deleteRelation,
  insertFields,
  insertRelation,
  lockCatalogue,
  replaceField,
  updateCollection,
} from './catalogue.ts'
import { checkField, checkLabel, checkRelation, checkUniqueNames, linkTables } from './checks/definition.ts'
import { problemsOfShape, throwFirst } from './checks/shape.ts'
import { loadCollectionSchemas, requireCollection } from './collection-schemas.ts'
import { joined, runAll } from './collections.ts'
import { labelFields } from './label.ts'
import { addField, addRelation, changeField, changeLabel, dropField, dropRelation } from './sql/tables.ts'

const strict = { additionalProperties: false }
const key = Type.String({ pattern: keyPattern })

/** One change; a list of them is made in order, all or none. */
export const CollectionChange = Type.Union([
  Type.Object(
    {
      type: Type.Literal('set'),
      title: Type.Optional(Title),
      icon: Type.Optional(Type.String({ maxLength: 64 })),
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
    },
    strict,
  ),
  Type.Object({ type: Type.Literal('add-field'), field: FieldDefinition }, strict),
  /** The whole new definition; its type stays. */
  Type.Object({ type: Type.Literal('change-field'), field: FieldDefinition }, strict),
  Type.Object({ type: Type.Literal('drop-field'), key }, strict),
  Type.Object({ type: Type.Literal('add-relation'), relation: RelationDefinition }, strict),
  Type.Object({ type: Type.Literal('drop-relation'), name: key }, strict),
])
export type CollectionChange = Static<typeof CollectionChange>

/** Throws AppError `invalid-collection` with a pointer into the list, `not-found`, or `in-use` when records stand against it. */
export async function alterCollection(
  db: Db,
  collection: string,
  changes: readonly CollectionChange[],
): Promise<CollectionSchema> {
  throwFirst('invalid-collection', problemsOfShape(Type.Array(CollectionChange), changes, ''))
  return db.transaction(async (tx) => {
    await lockCatalogue(tx)
    for (const [index, change] of changes.entries()) {
      const schemas = await loadCollectionSchemas(tx)
      const context = { db: tx, schemas, collection: requireCollection(schemas, collection), at: `/${index}` }
      await makeChange(change, context).catch((error: unknown) => explain(error, context.at))
    }
    return requireCollection(await loadCollectionSchemas(tx), collection)
  })
}

interface Context {
  db: Db
  schemas: CollectionSchemas
  collection: CollectionSchema
  at: string
}

async function makeChange(change: CollectionChange, context: Context): Promise<void> {
  switch (change.type) {
    case 'set':
      return setProperties(change, context)
    case 'add-field':
      return addOneField(change.field, context)
    case 'change-field':
      return changeOneField(change.field, context)
    case 'drop-field':
      return dropOneField(change.key, context)
    case 'add-relation':
      return addOneRelation(change.relation, context)
    case 'drop-relation':
      return dropOneRelation(change.name, context)
  }
}

async function setProperties(
  { title, icon, label }: Extract<CollectionChange, { type: 'set' }>,
  { db, collection, at }: Context,
): Promise<void> {
  if (label !== undefined) {
    throwFirst('invalid-collection', checkLabel(label, collection.fields, `${at}/label`))
    await runAll(db, changeLabel(collection.key, label))
  }
  await updateCollection(db, collection.key, {
    ...(title === undefined ? {} : { title }),
    ...(icon === undefined ? {} : { icon }),
    ...(label === undefined ? {} : { label }),
  })
}

async function addOneField(field: FieldDefinition, { db, collection, at }: Context): Promise<void> {
  const after = { ...collection, fields: [...collection.fields, field] }
  const problems = [...checkField(field, `${at}/field`), ...checkUniqueNames(after, `${at}/field/key`)]
  throwFirst('invalid-collection', problems)
  await insertFields(db, collection.key, [field])
  await runAll(db, addField(collection.key, field))
}

async function changeOneField(field: FieldDefinition, { db, collection, at }: Context): Promise<void> {
  const before = requireField(collection, field.key)
  const problems = checkField(field, `${at}/field`)
  if (before.type !== field.type) {
    const message = `The type of ${field.key} stays ${before.type}; add a new field instead`
    problems.push({ code: 'invalid-collection', message, pointer: `${at}/field/type` })
  }
  throwFirst('invalid-collection', problems)
  await replaceField(db, collection.key, field)
  await runAll(db, changeField(collection.key, before, field))
}

async function dropOneField(name: string, { db, collection }: Context): Promise<void> {
  requireField(collection, name)
  if (labelFields(collection.label).includes(name)) {
    throw new AppError('in-use', `The label of ${collection.key} shows ${name}`)
  }
  await deleteField(db, collection.key, name)
  await runAll(db, dropField(collection.key, name))
}

async function addOneRelation(relation: RelationDefinition, context: Context): Promise<void> {
  const { db, schemas, collection, at } = context
  const pointer = `${at}/relation`
  throwFirst('invalid-collection', relationProblems(relation, { schemas, collection, at: pointer }))
  await insertRelation(db, collection.key, relation)
  await runAll(db, addRelation(collection.key, relation))
}

function relationProblems(relation: RelationDefinition, context: Omit<Context, 'db'>): Problem[] {
  const { schemas, collection, at } = context
  const problems = checkRelation(relation, { collection: collection.key, schemas, at })
  const { key: own, title, label, fields } = collection
  const addition: CollectionDefinition = { key: own, title, label, fields, relations: [relation] }
  const after = joined([addition], schemas)
  // `joined` starts a collection anew; what it had stays part of it.
  after[own]?.relations.push(...collection.relations)
  const touched = [own, relation.to].flatMap((each) => (Object.hasOwn(after, each) ? [after[each]] : []))
  const doubled = touched.flatMap((each) => (each ? checkUniqueNames(each, `${at}/name`) : []))
  const taken = linkTables(schemas).has(`${own}__${relation.name}`)
  if (taken) doubled.push({ code: 'invalid-collection', message: 'The name is taken', pointer: `${at}/name` })
  return [...problems, ...doubled]
}

async function dropOneRelation(name: string, { db, collection }: Context): Promise<void> {
  const relation = collection.relations.find((each) => each.name === name)
  if (!relation) throw new AppError('not-found', `${collection.key} has no relation ${name}`)
  const { kind, to, inverse, owner } = relation
  if (!owner || kind === 'one-to-many') {
    throw new AppError('in-use', `The relation ${name} is declared as ${to}.${inverse}; remove it there`)
  }
  await deleteRelation(db, collection.key, name)
  await runAll(db, dropRelation(collection.key, { name, kind, to, inverse }))
}

function requireField(collection: CollectionSchema, name: string): FieldDefinition {
  const field = collection.fields.find((each) => each.key === name)
  if (!field) throw new AppError('not-found', `${collection.key} has no field ${name}`)
  return field
}

const standing: Record<string, string> = {
  '23502': 'some records have no value for it',
  '23505': 'some records have the same value',
  '23514': 'some records have another value',
}

function explain(error: unknown, at: string): never {
  const reason = standing[sqlState(error) ?? '']
  if (reason === undefined) throw error
  throw new AppError('in-use', `The change is not possible: ${reason}`, { pointer: at, cause: error })
}
