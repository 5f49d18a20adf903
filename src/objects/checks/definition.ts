// Is a definition of collections sound, by itself and beside those that exist?
import {
  CollectionDefinition,
  type CollectionSchema,
  type CollectionSchemas,
  type FieldDefinition,
  findCollection,
  type RelationDefinition,
  systemFields,
} from '../../core/collections.ts'
import type { Problem } from '../../core/errors.ts'
import { keywords } from '../../core/path/ast.ts'
import { labelFields, labelTypes } from '../label.ts'
import { linkTableName } from '../sql/names.ts'
import { problemsOfShape, throwFirst } from './shape.ts'

/** Names that PostgreSQL, records or filters use themselves. */
const reserved = new Set<string>([
  ...systemFields.map((field) => field.key),
  'collection',
  ...keywords,
  ...['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'],
])

export function problem(message: string, pointer: string): Problem {
  return { code: 'invalid-collection', message, pointer }
}

/** Throws AppError `invalid-collection` for definitions that are not of the right shape. */
export function checkShapes(definitions: readonly unknown[]): asserts definitions is CollectionDefinition[] {
  const many = definitions.length > 1
  const problems = definitions.flatMap((definition, index) =>
    problemsOfShape(CollectionDefinition, definition, many ? `/${index}` : ''),
  )
  throwFirst('invalid-collection', problems)
}

/** What is wrong with one definition by itself; relations are checked against `schemas` later. */
export function checkOwnNames(definition: CollectionDefinition, at: string): Problem[] {
  const fields = definition.fields.flatMap((field, index) => checkField(field, `${at}/fields/${index}`))
  const label = checkLabel(definition.label ?? '{id}', definition.fields, `${at}/label`)
  return [...fields, ...label]
}

export function checkField(field: FieldDefinition, at: string): Problem[] {
  const problems = checkName(field.key, `${at}/key`)
  if (field.type === 'select' && !field.options) {
    problems.push(problem('A select needs options', `${at}/options`))
  }
  if (field.type !== 'select' && field.options) {
    problems.push(problem('Only a select has options', `${at}/options`))
  }
  const options = field.options ?? []
  if (new Set(options).size < options.length) {
    problems.push(problem('The same option stands twice', `${at}/options`))
  }
  if (options.some((option) => option.includes('\0'))) {
    problems.push(problem('An option may not hold the character U+0000', `${at}/options`))
  }
  if (field.type === 'json' && field.unique) problems.push(problem('JSON cannot be unique', `${at}/unique`))
  return problems
}

export function checkName(name: string, pointer: string): Problem[] {
  return reserved.has(name) ? [problem(`${name} is a reserved name`, pointer)] : []
}

export function checkLabel(label: string, fields: readonly FieldDefinition[], pointer: string): Problem[] {
  if (label.includes('\0')) return [problem('A label may not hold the character U+0000', pointer)]
  const names = labelFields(label)
  if (names.length === 0) return [problem('A label names at least one field, {name}', pointer)]
  return names.flatMap((name) => {
    if (name === 'id') return []
    const field = fields.find((each) => each.key === name)
    if (!field) return [problem(`The label names an unknown field: ${name}`, pointer)]
    if (labelTypes.includes(field.type)) return []
    return [problem(`A label cannot show ${name}, which is of type ${field.type}`, pointer)]
  })
}

/** Every name that means something on records of `collection`, columns included; each may stand once. */
export function namesOf(collection: CollectionSchema): string[] {
  return [
    ...collection.fields.map((field) => field.key),
    ...collection.relations.flatMap((relation) =>
      relation.kind === 'many-to-one' ? [relation.name, `${relation.name}_id`] : [relation.name],
    ),
  ]
}

export function checkRelation(
  relation: RelationDefinition,
  context: { collection: string; schemas: CollectionSchemas; at: string },
): Problem[] {
  const { collection, schemas, at } = context
  const problems = [
    ...checkName(relation.name, `${at}/name`),
    ...checkName(relation.inverse, `${at}/inverse`),
  ]
  if (!findCollection(schemas, relation.to)) {
    problems.push(problem(`There is no collection ${relation.to}`, `${at}/to`))
  }
  if (relation.required && relation.kind === 'many-to-many') {
    problems.push(problem('Only a many-to-one relation can be required', `${at}/required`))
  }
  if (relation.required && relation.onDelete === 'clear') {
    problems.push(problem('A required relation cannot be cleared', `${at}/onDelete`))
  }
  const link = linkTableName(collection, relation.name)
  if (relation.kind === 'many-to-many' && (link.length > 63 || findCollection(schemas, link))) {
    problems.push(problem(`The link table cannot be called ${link}: too long or taken`, `${at}/name`))
  }
  return problems
}

/** Complaints about names that stand twice in a collection, once all relations have been added to it. */
export function checkUniqueNames(collection: CollectionSchema, at: string): Problem[] {
  const names = namesOf(collection)
  const doubled = names.find((name, index) => names.indexOf(name) !== index)
  return doubled ? [problem(`${collection.key} has two things called ${doubled}`, at)] : []
}

/** Keys that are names of link tables already. */
export function linkTables(schemas: CollectionSchemas): Set<string> {
  return new Set(
    Object.values(schemas).flatMap((collection) =>
      collection.relations
        .filter((relation) => relation.owner && relation.kind === 'many-to-many')
        .map((relation) => linkTableName(collection.key, relation.name)),
    ),
  )
}
