// Functions over texts.
import { type Frame, fail, spend, textCost } from '../frame.ts'
import { toJson } from '../to-json.ts'
import { toText, type Value } from '../values.ts'
import { define, type Functions, indexArg, listArg, numberArg, textArg } from './function.ts'
import { findPattern } from './pattern.ts'

type TextMap = (text: string) => string
const mapped = (run: TextMap) => define([1, 1], ([text], frame) => run(textArg(text, frame)))
const lower = mapped((text) => text.toLowerCase())
const upper = mapped((text) => text.toUpperCase())

function split([value, separator, limit]: readonly Value[], frame: Frame): Value {
  const text = textArg(value, frame)
  const between = textArg(separator, frame)
  spend(frame, text.length)
  const parts = text.split(between)
  const most = limit === undefined ? -1 : numberArg(limit, frame)
  if (most < 0 || parts.length <= most) return parts
  return most === 0 ? [] : [...parts.slice(0, most - 1), parts.slice(most - 1).join(between)]
}

function join([value, separator]: readonly Value[], frame: Frame): Value {
  const between = separator === undefined ? '' : textArg(separator, frame)
  const parts = listArg(value, frame).map((item) => asText(item, frame))
  spend(frame, textCost(parts.length * between.length))
  return parts.join(between)
}

function replace([value, search, replacement, limit]: readonly Value[], frame: Frame): Value {
  const text = textArg(value, frame)
  const wanted = textArg(search, frame)
  spend(frame, text.length)
  const parts = text.split(wanted)
  const most = limit === undefined ? -1 : numberArg(limit, frame)
  const count = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1)
  const insert = textArg(replacement, frame)
  spend(frame, parts.length + textCost(count * insert.length))
  const head = parts.slice(0, count + 1).join(insert)
  return [head, ...parts.slice(count + 1)].join(wanted)
}

function substring([value, from, to]: readonly Value[], frame: Frame): Value {
  const text = textArg(value, frame)
  const start = indexArg(from, text.length, frame)
  const end = to === undefined ? text.length : indexArg(to, text.length, frame)
  return end < start ? fail(frame, 'the end lies before the start') : text.slice(start, end)
}

function charAt([value, index]: readonly Value[], frame: Frame): Value {
  const text = textArg(value, frame)
  return text.charAt(indexArg(index, text.length, frame))
}

/** Any value as it would stand in a text. */
export function asText(value: Value, frame: Frame): string {
  const text = toText(toJson(value, frame))
  spend(frame, textCost(text.length))
  return text
}

export const textFunctions: Functions = {
  lower,
  upper,
  lowerAscii: lower,
  upperAscii: upper,
  trim: mapped((text) => text.trim()),
  split: define([2, 3], split),
  join: define([1, 2], join),
  replace: define([3, 4], replace),
  substring: define([2, 3], substring),
  charAt: define([2, 2], charAt),
  contains: define([2, 2], ([text, part], frame) => textArg(text, frame).includes(textArg(part, frame))),
  startsWith: define([2, 2], ([text, part], frame) => textArg(text, frame).startsWith(textArg(part, frame))),
  endsWith: define([2, 2], ([text, part], frame) => textArg(text, frame).endsWith(textArg(part, frame))),
  indexOf: define([2, 3], ([text, part, from], frame) =>
    textArg(text, frame).indexOf(textArg(part, frame), from === undefined ? 0 : numberArg(from, frame)),
  ),
  lastIndexOf: define([2, 2], ([text, part], frame) =>
    textArg(text, frame).lastIndexOf(textArg(part, frame)),
  ),
  matches: define([2, 2], ([text, pattern], frame) =>
    findPattern(textArg(text, frame), textArg(pattern, frame), frame),
  ),
  string: define([1, 1], ([value], frame) => asText(value ?? null, frame)),
}
