// Before anything runs: do the expressions of a config parse, and do the variables they name exist?
import type { TSchema } from 'typebox'
import { AppError, type Problem } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { LocatedReference } from './cel/references.ts'
import { parseExpression, type Reference } from './expression.ts'
import { fieldPlace, itemPlace, type Mark, markOf, type Place, rootPlace } from './marks.ts'
import { placesOf } from './shell.ts'
import { parseTemplate, templateReferences } from './template.ts'

/** What a node may read: names of variables, and the ids that may follow `nodes.`. */
export interface Variables {
  roots: readonly string[]
  nodes: readonly string[]
}

interface ConfigText {
  pointer: string
  text: string
  mark: Mark
  /** Variables that the node type itself adds (`x-variables` in its schema). */
  variables: readonly string[]
}

/** What the templates and CEL texts of a config read. Texts that do not parse are passed over. */
export function configReferences(schema: TSchema, config: JsonObject): Reference[] {
  return textsOf(rootPlace(schema), config).flatMap((text) => {
    try {
      return referencesOf(text).map(({ root, path }) => ({ root, path }))
    } catch {
      return []
    }
  })
}

/** Every complaint, with a pointer into the config and the span in that text. */
export function checkConfig(schema: TSchema, config: JsonObject, variables: Variables): Problem[] {
  return checkTexts(schema, config, (reference) => {
    const message = complaint(reference, variables)
    return message ? { code: 'invalid-expression', message } : undefined
  })
}

/** As `checkConfig`, where the caller judges what may be read. */
export function checkTexts(
  schema: object,
  config: JsonObject,
  judge: (reference: Reference) => Pick<Problem, 'code' | 'message'> | undefined,
): Problem[] {
  return textsOf(rootPlace(schema), config).flatMap((text) => {
    const { pointer } = text
    try {
      return referencesOf(text).flatMap((reference) => {
        const found = judge(reference)
        return found ? [{ ...found, pointer, span: reference.span }] : []
      })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return [problem(pointer, error.message, error.details.span)]
    }
  })
}

function problem(pointer: string, message: string, span: Problem['span']): Problem {
  return { code: 'invalid-expression', message, pointer, ...(span ? { span } : {}) }
}

/** What is wrong with reading this, if anything. */
export function complaint({ root, path }: Reference, { roots, nodes }: Variables): string | undefined {
  if (!roots.includes(root)) return `there is no variable '${root}' here`
  const [node] = path
  if (root !== 'nodes' || node === undefined || nodes.includes(node)) return undefined
  return `there is no node '${node}' to read from here`
}

function referencesOf({ text, mark, variables }: ConfigText): LocatedReference[] {
  const found = mark === 'cel' ? parseExpression(text).references : templateReferencesOf(text, mark)
  return found.filter(({ root }) => !variables.includes(root))
}

function templateReferencesOf(text: string, mark: Mark): LocatedReference[] {
  const template = parseTemplate(text)
  if (mark === 'shell') placesOf(template)
  return templateReferences(template)
}

function textsOf(place: Place, value: Json): ConfigText[] {
  if (typeof value === 'string') {
    const { mark, variables } = markOf(place)
    return mark === 'raw' ? [] : [{ pointer: place.pointer, text: value, mark, variables }]
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => textsOf(itemPlace(place, value, index), item))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => textsOf(fieldPlace(place, value, key), item))
}
