import {
  type CollectionSchema,
  type CollectionSchemas,
  type FieldDefinition,
  findCollection,
  findField,
  findRelation,
  type RelationSide,
} from '../collections.ts'
import type { Problem } from '../errors.ts'
import type { Filter, Path, Step } from './ast.ts'
import { checkFilter, pathProblem } from './check-filter.ts'

export interface CheckedPath {
  /** Empty when the path can be evaluated. Pointers are empty: the caller knows where the path stands. */
  problems: Problem[]
  /** Where the path ends; absent when a step is unknown. */
  collection?: string
  /** At most one record can be found. */
  toOne: boolean
  /** The relations followed, in order. */
  relations: RelationSide[]
  /** The field a path ends with, `host.address`. */
  field?: FieldDefinition
}

/** Follows `path` from records of the collection `from` through the schemas, and checks its filters on the way. */
export function checkPath(path: Path, from: string, schemas: CollectionSchemas): CheckedPath {
  const checked: CheckedPath = { problems: [], toOne: true, relations: [] }
  let here = findCollection(schemas, from)
  if (!here) {
    checked.problems.push(pathProblem(`There is no collection ${from}`, [0, 0]))
    return checked
  }
  checked.problems.push(...filterProblems(path.filter, here))
  for (const [index, step] of path.steps.entries()) {
    const last = index === path.steps.length - 1
    here = follow(checked, { step, here, last, schemas })
    if (!here) return checked
  }
  checked.collection = here.key
  return checked
}

interface Visit {
  step: Step
  here: CollectionSchema
  last: boolean
  schemas: CollectionSchemas
}

function follow(checked: CheckedPath, { step, here, last, schemas }: Visit): CollectionSchema | undefined {
  const relation = findRelation(here, step.name)
  const next = relation && findCollection(schemas, relation.to)
  if (relation && next) {
    checked.relations.push(relation)
    checked.toOne &&= relation.kind === 'many-to-one'
    checked.problems.push(...filterProblems(step.filter, next))
    return next
  }
  const field = findField(here, step.name)
  if (field && last && !step.filter) {
    checked.field = field
    return here
  }
  checked.problems.push(unknownStep(step, here, field !== undefined))
  return undefined
}

function filterProblems(filter: Filter | undefined, collection: CollectionSchema): Problem[] {
  return filter ? checkFilter(filter, collection) : []
}

function unknownStep(step: Step, here: CollectionSchema, isField: boolean): Problem {
  if (isField) return pathProblem(`${step.name} is a field: a path can only end with it`, step.span)
  const known = here.relations.map((relation) => relation.name).join(', ')
  const message = `${here.key} has no relation ${step.name}; it has ${known || 'none'}`
  return pathProblem(message, step.span)
}
