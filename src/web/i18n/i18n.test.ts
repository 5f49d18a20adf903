// Three complete languages: the same keys, the same holes, and every key the code uses.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bindModes } from '../../core/document.ts'
import { errorTable } from '../../core/errors.ts'
import { cancelReasons, failureKinds, manualActs } from '../../core/statuses.ts'
import { problemCodes } from '../../core/validate/problem-codes.ts'
import { whyTable } from '../../core/why.ts'
import { adviceFor } from '../ui/advice.ts'
import { statusLegend } from '../ui/status-legend.ts'
import en from './en.json' with { type: 'json' }
import ru from './ru.json' with { type: 'json' }
import zh from './zh.json' with { type: 'json' }

const pluralSuffix = /_(one|few|many|other)$/
const plurals = { en: ['one', 'other'], zh: ['other'], ru: ['few', 'many', 'one', 'other'] }
const languages = { en, zh, ru }

function flatten(value: object, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, item] of Object.entries(value))
    if (typeof item === 'string') texts.set(prefix + key, item)
    else for (const [path, text] of flatten(item, `${prefix}${key}.`)) texts.set(path, text)
  return texts
}

const texts = { en: flatten(en), zh: flatten(zh), ru: flatten(ru) }
const baseKeys = (keys: Iterable<string>) => new Set([...keys].map((key) => key.replace(pluralSuffix, '')))
const known = baseKeys(texts.en.keys())
const names = Object.keys(languages) as (keyof typeof languages)[]

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}
const code = sources(join(import.meta.dirname, '..'))

/** Literal keys, and the fixed beginning of keys made from a value. */
function keysUsed() {
  const sections = Object.keys(en).join('|')
  const quoted = new RegExp(`'((?:${sections})\\.[a-zA-Z0-9.-]+)'`, 'g')
  const made = new RegExp(`t\\(\\s*\`((?:${sections})\\.[a-zA-Z.]*)\\$\\{`, 'g')
  const all = (pattern: RegExp) =>
    code.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
  return { literal: new Set(all(quoted)), prefixes: new Set(all(made)) }
}
const used = keysUsed()

describe('translations', () => {
  it.each(names)('%s has every key', (language) => {
    expect([...baseKeys(texts[language].keys())].sort()).toEqual([...known].sort())
  })

  it.each(names)('%s has every plural form', (language) => {
    const forms = Map.groupBy(
      [...texts[language].keys()].filter((key) => pluralSuffix.test(key)),
      (key) => key.replace(pluralSuffix, ''),
    )
    for (const [key, found] of forms)
      expect([key, found.map((form) => form.slice(key.length + 1)).sort()]).toEqual([key, plurals[language]])
  })

  it.each(['zh', 'ru'] as const)('%s fills the same holes', (language) => {
    const holes = (text: string) => new Set(text.match(/\{\{\w+\}\}/g))
    for (const [key, text] of texts[language]) {
      const original = texts.en.get(key) ?? texts.en.get(key.replace(pluralSuffix, '_other')) ?? ''
      expect([key, holes(text)]).toEqual([key, holes(original)])
    }
  })

  it.each(names)('%s leaves no text empty and uses no exclamation mark', (language) => {
    for (const [key, text] of texts[language])
      expect([key, text]).toEqual([key, expect.stringMatching(/^[^!！]+$/)])
  })
})

describe('keys used in code', () => {
  it('finds them', () => {
    expect(used.literal.size).toBeGreaterThan(150)
    expect(used.prefixes.size).toBeGreaterThan(10)
  })

  it('exist', () => {
    expect([...used.literal].filter((key) => !known.has(key))).toEqual([])
  })

  it('leave no translation unused', () => {
    const isUsed = (key: string) =>
      used.literal.has(key) || [...used.prefixes].some((prefix) => key.startsWith(prefix))
    expect([...known].filter((key) => !isUsed(key))).toEqual([])
  })

  it('cover every status, act, mode and error code', () => {
    const wanted = [
      ...Object.values(statusLegend).map((look) => look.text),
      ...failureKinds.map((kind) => `failure.${kind}`),
      ...manualActs.map((act) => `manual.${act}`),
      ...cancelReasons.map((reason) => `cancelReason.${reason}`),
      ...bindModes.map((mode) => `preview.modes.${mode}`),
      ...Object.keys(errorTable).map((code) => `problem.${code}`),
      ...Object.entries(errorTable).map(([code, { status }]) => adviceFor({ code, status })),
      ...problemCodes.map((code) => `fault.${code}`),
    ]
    expect(wanted.filter((key) => !known.has(key))).toEqual([])
  })

  it('cover every code that a node run can fail with', () => {
    const given = (dir: string) =>
      sources(join(import.meta.dirname, '../..', dir)).flatMap((text) => [
        ...text.matchAll(
          /fail\(\s*'[a-z-]+',\s*'([a-z-]+)'|code(?: =|:) (?:poison \? 'poison' : )?'([a-z-]+)'/g,
        ),
      ])
    const codes = [...given('nodes'), ...given('runtime')].map(([, failed, code]) => failed ?? code)
    expect(new Set(codes).size).toBeGreaterThan(30)
    // What people said stays as they said it; codes of the error table have their sentence there.
    const told = (code = '') =>
      known.has(`runError.${code}`) || code in errorTable || ['ended', 'rejected'].includes(code)
    expect(codes.filter((code) => !told(code))).toEqual([])
  })

  it.each(names)('tell in %s what exactly was refused, with the facts of the case', (language) => {
    const holes = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
    const told = Object.keys(whyTable).map((key) => [key, holes(texts[language].get(`why.${key}`))])
    expect(told).toEqual(Object.entries(whyTable).map(([key, facts]) => [key, [...facts].sort()]))
    expect([...texts[language].keys()].filter((key) => key.startsWith('why.'))).toHaveLength(told.length)
  })
})
