// Texts with `{{ cel }}` holes. Rendered once: what a hole gives is never looked at again.
import { AppError } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { boundedCache } from './cache.ts'
import { failAt } from './cel/frame.ts'
import type { LocatedReference } from './cel/references.ts'
import { toText } from './cel/values.ts'
import { type Expression, evaluateExpression, parseExpression } from './expression.ts'
import { findHoleEnd } from './scan.ts'

export interface Hole {
  readonly expression: Expression
  /** Where its expression starts in the template. */
  readonly start: number
}

export interface Template {
  readonly source: string
  /** Text and holes in turn; empty texts are left out. */
  readonly parts: readonly (string | Hole)[]
}

const cache = boundedCache<Template>(4000)

/**
 * `\{{` is two braces, `\\{{` a backslash before a hole. Throws AppError `invalid-expression` with the span
 * in the template.
 */
export function parseTemplate(source: string): Template {
  if (!source.includes('{{')) return { source, parts: [source] }
  const known = cache.get(source)
  if (known) return known
  const template = { source, parts: splitParts(source) }
  cache.set(source, template)
  return template
}

function splitParts(source: string): (string | Hole)[] {
  const parts: (string | Hole)[] = []
  let text = ''
  let position = 0
  for (let open = source.indexOf('{{'); open >= 0; open = source.indexOf('{{', position)) {
    const backslashes = countBackslashes(source, position, open)
    text += source.slice(position, open - backslashes) + '\\'.repeat(backslashes >> 1)
    if (backslashes % 2 === 1) {
      text += '{{'
      position = open + 2
      continue
    }
    const end = findHoleEnd(source, open + 2)
    if (end < 0) failAt([open, source.length], 'a {{ is not closed by }}; write \\{{ for two braces')
    if (text !== '') parts.push(text)
    parts.push(parseHole(source, open + 2, end))
    text = ''
    position = end + 2
  }
  text += source.slice(position)
  return text === '' ? parts : [...parts, text]
}

function countBackslashes(source: string, from: number, to: number): number {
  let start = to
  while (start > from && source[start - 1] === '\\') start -= 1
  return to - start
}

function parseHole(source: string, start: number, end: number): Hole {
  try {
    return { expression: parseExpression(source.slice(start, end)), start }
  } catch (error) {
    throw shifted(error, start)
  }
}

/** Errors inside a hole point into the template. */
function shifted(error: unknown, start: number): unknown {
  if (!(error instanceof AppError) || !error.details.span) return error
  const [from, to] = error.details.span
  return new AppError(error.code, error.message, { ...error.details, span: [from + start, to + start] })
}

function evaluateHole({ expression, start }: Hole, scope: JsonObject): Json {
  try {
    return evaluateExpression(expression, scope)
  } catch (error) {
    throw shifted(error, start)
  }
}

/**
 * A template that is exactly one hole gives its value as it is; else a text. With `hole`, every value is put
 * into the text by it, and the result is always a text.
 */
export function renderTemplate(
  template: Template,
  scope: JsonObject,
  hole?: (value: Json, index: number) => string,
): Json {
  const first = template.parts[0]
  if (template.parts.length === 1 && first !== undefined) {
    if (typeof first === 'string') return first
    if (!hole) return evaluateHole(first, scope)
  }
  const encode = hole ?? toText
  let index = 0
  let text = ''
  for (const part of template.parts) {
    text += typeof part === 'string' ? part : encode(evaluateHole(part, scope), index++)
  }
  return text
}

/** Holes become `$1`, `$2` … and never part of the statement. */
export function renderSql(template: Template, scope: JsonObject): { text: string; values: Json[] } {
  const values: Json[] = []
  const text = renderTemplate(template, scope, (value) => `$${values.push(value)}`)
  return { text: String(text), values }
}

/** What all holes read, with spans in the template. */
export function templateReferences(template: Template): LocatedReference[] {
  return template.parts.flatMap((part) => {
    if (typeof part === 'string') return []
    return part.expression.references.map((reference) => {
      const [from, to] = reference.span
      return { ...reference, span: [from + part.start, to + part.start] as const }
    })
  })
}
