// Risks an installation names itself: patterns looked for in every text of a resolved config, in linear time (RE2).
import { RE2JS } from 're2js'
import { isJsonObject, type Json } from './json.ts'

export interface RiskRule {
  /** RE2: no look-around, no back-references. */
  pattern: string
  /** What would happen, as people are told. */
  words: string
  /** Node types it is for; default: all that can tell risks. */
  types?: string[]
}

interface Found {
  rule: string
  message: { en: string; zh: string; ru: string }
  found: string
  line: number
}

export type FindRisks = (type: string, config: Json) => Found[]

const mostRules = 200
const longestPattern = 1000
const longestWords = 300

/** A JSON list of rules. Throws an Error that says what would be right. */
export function parseRiskRules(text: string): RiskRule[] {
  if (text === '') return []
  const rules = readList(text)
  if (rules.length > mostRules) throw new Error(`must have at most ${mostRules} rules, not ${rules.length}`)
  return rules.map((rule, index) => {
    const problem = problemOf(rule)
    if (problem !== undefined) throw new Error(`is wrong in rule ${index + 1}: ${problem}`)
    return rule as RiskRule
  })
}

function readList(text: string): unknown[] {
  try {
    const list = JSON.parse(text) as unknown
    if (Array.isArray(list)) return list
  } catch {
    // Said below.
  }
  throw new Error(
    'must be a JSON list such as [{"pattern": "kubectl +delete", "words": "deletes from the cluster"}]',
  )
}

function problemOf(rule: unknown): string | undefined {
  if (!isJsonObject(rule)) return 'it must be an object'
  const { pattern, words, types, ...others } = rule
  const [other] = Object.keys(others)
  if (other !== undefined) return `there is no "${other}", only pattern, words and types`
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > longestPattern)
    return `pattern must be a text of at most ${longestPattern} characters`
  if (typeof words !== 'string' || words === '' || words.length > longestWords)
    return `words must be a text of at most ${longestWords} characters`
  if (types !== undefined && !(Array.isArray(types) && types.every((type) => typeof type === 'string')))
    return 'types must be a list of node types'
  return patternProblem(pattern)
}

function patternProblem(pattern: string): string | undefined {
  try {
    return RE2JS.compile(pattern).matcher('').find() ? 'pattern finds something in an empty text' : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The first find of each rule in each text. */
export function compileRiskRules(rules: readonly RiskRule[]): FindRisks {
  const compiled = rules.map((rule) => ({ ...rule, regex: RE2JS.compile(rule.pattern) }))
  return (type, config) => {
    const asked = compiled.filter(({ types }) => types?.includes(type) ?? true)
    if (asked.length === 0) return []
    return textsOf(config).flatMap((text) =>
      asked.flatMap(({ regex, words }) => {
        const matcher = regex.matcher(text)
        if (!matcher.find()) return []
        const line = text.slice(0, matcher.start()).split('\n').length
        return [
          { rule: 'own', message: { en: words, zh: words, ru: words }, found: matcher.group() ?? '', line },
        ]
      }),
    )
  }
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return isJsonObject(value) ? Object.values(value).flatMap(textsOf) : []
}
