// What all tasks for people have in their config.
import Type, { type TArray, type TOptional, type TSchemaOptions, type TString, type TUnion } from 'typebox'
import type { Json } from '../core/json.ts'
import type { TaskRequest } from '../core/outcome.ts'
import { DurationField, readDuration } from './duration.ts'
import { readText, readTexts } from './read-field.ts'

/** Spread into the config schema of a node type that asks people. */
export const TaskFields: {
  description: TOptional<TString>
  assignees: TOptional<TArray<TString>>
  due: TOptional<TUnion>
} = {
  description: Type.Optional(
    Type.String({ title: 'Description', description: 'The facts needed to answer.' }),
  ),
  assignees: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      title: 'Assignees',
      description: 'User names, or role:<name>; default: whoever may run the workflow.',
      maxItems: 100,
    }),
  ),
  due: Type.Optional(DurationField({ title: 'Due after' })),
}

export const TitleField = (options: TSchemaOptions): TString =>
  Type.String({ ...options, minLength: 1, maxLength: 500 })

/** The resolved fields of `TaskFields`: templates may have given any JSON. */
export interface TaskConfig {
  description?: Json
  assignees?: Json
  due?: string | number
}

/** The common part of a task request. Throws AppError `bad-request` when `due` is no duration. */
export function taskOf(config: TaskConfig, title: Json): Omit<TaskRequest, 'kind'> {
  const description = readText(config.description)
  return {
    title: readText(title) ?? '',
    ...(description === undefined ? {} : { description }),
    assignees: config.assignees === undefined ? [] : readTexts(config.assignees),
    ...(config.due === undefined ? {} : { dueAfterMs: readDuration(config.due, 0) }),
  }
}
