// Functions over lists, maps and JSON.
import { type Frame, fail, spend, textCost } from '../frame.ts'
import { article, compare, equals } from '../operators.ts'
import { toJson } from '../to-json.ts'
import { isMap, kindOf, type Value, type ValueMap } from '../values.ts'
import { define, type Functions, indexArg, listArg, textArg } from './function.ts'

function size([value]: readonly Value[], frame: Frame): number {
  if (Array.isArray(value)) return value.length
  if (typeof value === 'string') {
    spend(frame, textCost(value.length))
    return Array.from(value).length
  }
  if (isMap(value)) return Object.keys(value).length
  return fail(frame, `${article(value ?? null)} has no size`)
}

function mapArg(value: Value | undefined, frame: Frame): ValueMap {
  if (!isMap(value)) return fail(frame, `expected a map, found ${article(value ?? null)}`)
  spend(frame, 1 + Object.keys(value).length)
  return value
}

function distinct([list]: readonly Value[], frame: Frame): Value {
  const kept: Value[] = []
  const simple = new Set<Value>()
  for (const value of listArg(list, frame)) {
    const isSimple = typeof value !== 'object' || value === null
    if (isSimple ? simple.has(value) : contains(kept, value, frame)) continue
    if (isSimple) simple.add(value)
    kept.push(value)
  }
  return kept
}

function contains(list: readonly Value[], wanted: Value, frame: Frame): boolean {
  spend(frame, list.length)
  return list.some((value) => equals(value, wanted, frame))
}

/** Sorted by a key of each item, as by `compare`; stable. */
export function sortBy(list: Value[], keys: Value[], frame: Frame): Value[] {
  spend(frame, list.length * 20)
  const order = list.map((_, index) => index)
  order.sort((a, b) => compare(keys[a] as Value, keys[b] as Value, frame))
  return order.map((index) => list[index] as Value)
}

function slice([list, from, to]: readonly Value[], frame: Frame): Value {
  const items = listArg(list, frame)
  const start = indexArg(from, items.length, frame)
  return items.slice(start, to === undefined ? items.length : indexArg(to, items.length, frame))
}

function flatten([list]: readonly Value[], frame: Frame): Value {
  return listArg(list, frame).flatMap((item) => (Array.isArray(item) ? listArg(item, frame) : [item]))
}

function json([value]: readonly Value[], frame: Frame): string {
  const text = JSON.stringify(toJson(value, frame))
  spend(frame, textCost(text.length))
  return text
}

function parseJson([value]: readonly Value[], frame: Frame): Value {
  const text = textArg(value, frame)
  spend(frame, text.length)
  try {
    return JSON.parse(text, (key, parsed) => (key === '__proto__' ? undefined : parsed)) as Value
  } catch {
    return fail(frame, 'the text is not valid JSON')
  }
}

export const listFunctions: Functions = {
  size: define([1, 1], size),
  keys: define([1, 1], ([map], frame) => Object.keys(mapArg(map, frame))),
  values: define([1, 1], ([map], frame) => Object.values(mapArg(map, frame))),
  distinct: define([1, 1], distinct),
  sort: define([1, 1], ([list], frame) => {
    const items = listArg(list, frame)
    return sortBy(items, items, frame)
  }),
  slice: define([2, 3], slice),
  flatten: define([1, 1], flatten),
  reverse: define([1, 1], ([list], frame) => listArg(list, frame).toReversed()),
  json: define([1, 1], json),
  parseJson: define([1, 1], parseJson),
  dyn: define([1, 1], ([value]) => value ?? null),
  type: define([1, 1], ([value]) => kindOf(value ?? null)),
  bool: define([1, 1], ([value], frame) => {
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 'false') return value === 'true'
    return fail(
      frame,
      `${typeof value === 'string' ? 'this text' : article(value ?? null)} is neither true nor false`,
    )
  }),
}
