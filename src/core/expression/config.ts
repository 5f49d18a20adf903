// The config of a node: every text in it rendered as its schema says.
import type { TSchema } from 'typebox'
import { AppError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { fieldPlace, itemPlace, markOf, type Place, rootPlace } from './marks.ts'
import { placesOf, renderShell } from './shell.ts'
import { parseTemplate, renderSql, renderTemplate } from './template.ts'

/** Undefined for what is the same in every scope. */
type Resolver = ((scope: JsonObject) => Json) | undefined

const plans = new WeakMap<JsonObject, { schema: TSchema; resolve: Resolver }>()

/**
 * The config as the node sees it. `cel` and `raw` texts stay as written, `shell` values are quoted, `sql` becomes
 * `{ text, values }`, all other texts are templates. Parts without holes are handed through, not copied; a config
 * object must not be changed after its first use. Throws AppError `invalid-expression` with pointer and span.
 */
export function resolveConfig(schema: TSchema, config: JsonObject, scope: JsonObject): JsonObject {
  let plan = plans.get(config)
  if (plan?.schema !== schema) {
    plan = { schema, resolve: planObject(rootPlace(schema), config) }
    plans.set(config, plan)
  }
  return plan.resolve ? (plan.resolve(scope) as JsonObject) : config
}

function planValue(place: Place, value: Json): Resolver {
  if (typeof value === 'string') return planText(place, value)
  if (Array.isArray(value)) return planList(place, value)
  return isJsonObject(value) ? planObject(place, value) : undefined
}

function planObject(place: Place, object: JsonObject): Resolver {
  const fields = Object.entries(object).flatMap(([key, value]) => {
    const resolve = planValue(fieldPlace(place, object, key), value)
    return resolve ? [{ key, resolve }] : []
  })
  if (fields.length === 0) return undefined
  return (scope) => {
    const resolved = { ...object }
    for (const { key, resolve } of fields) resolved[key] = resolve(scope)
    return resolved
  }
}

function planList(place: Place, list: Json[]): Resolver {
  const items = list.map((value, index) => [value, planValue(itemPlace(place, list, index), value)] as const)
  if (items.every(([, resolve]) => resolve === undefined)) return undefined
  return (scope) => items.map(([value, resolve]) => (resolve ? resolve(scope) : value))
}

function planText(place: Place, text: string): Resolver {
  const { mark } = markOf(place)
  if (mark === 'cel' || mark === 'raw') return undefined
  if (mark !== 'sql' && !text.includes('{{')) return undefined
  const render = renderer(mark, place.pointer, text)
  return (scope) => {
    try {
      return render(scope)
    } catch (error) {
      throw locate(error, place.pointer)
    }
  }
}

type Mark = 'template' | 'shell' | 'sql'

function renderer(mark: Mark, pointer: string, text: string): (scope: JsonObject) => Json {
  try {
    const template = parseTemplate(text)
    if (mark === 'sql') return (scope) => renderSql(template, scope)
    if (mark === 'template') return (scope) => renderTemplate(template, scope)
    placesOf(template)
    return (scope) => renderShell(template, scope)
  } catch (error) {
    throw locate(error, pointer)
  }
}

function locate(error: unknown, pointer: string): unknown {
  if (!(error instanceof AppError)) return error
  return new AppError(error.code, error.message, { ...error.details, pointer })
}
