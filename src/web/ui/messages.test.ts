// Every error, as it is shown: in the language of the console, with the facts of the case and what to do.
import i18next from 'i18next'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { initReactI18next } from 'react-i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ProblemAnswer } from '../../api/contract/shapes.ts'
import { ApiError } from '../../client/api-error.ts'
import { type ErrorCode, errorTable } from '../../core/errors.ts'
import { problemCodes } from '../../core/validate/problem-codes.ts'
import { whyTable } from '../../core/why.ts'
import en from '../i18n/en.json' with { type: 'json' }
import ru from '../i18n/ru.json' with { type: 'json' }
import zh from '../i18n/zh.json' with { type: 'json' }
import { ErrorPanel } from './messages.tsx'

beforeAll(async () => {
  const resources = { en: { translation: en }, ru: { translation: ru }, zh: { translation: zh } }
  await i18next.use(initReactI18next).init({ lng: 'en', resources, interpolation: { escapeValue: false } })
})

const english = 'The server says so in English'
const answer = (code: ErrorCode, more: Partial<ProblemAnswer> = {}): ProblemAnswer => ({
  ...errorTable[code],
  type: 'about:blank',
  code,
  detail: english,
  ...more,
})

/** What is said, and what of it only the server can say. */
function shown(problem: ProblemAnswer, title?: string) {
  const html = renderToStaticMarkup(createElement(ErrorPanel, { error: new ApiError(problem), title }))
  const detail = [...html.matchAll(/lang="en"[^>]*>([^<]*)</g)].map(([, text]) => text)
  const text = html
    .replace(/<(\w+)[^>]*lang="en"[^>]*>[^<]*<\/\1>/g, '')
    .replace(/<svg.*?<\/svg>|<[^>]*>/gs, ' ')
  return { text: text.replaceAll('&quot;', '"').trim(), detail }
}

/** Words of the product where the fact is one, else a figure that must be found again. */
const known: Record<string, string> = {
  act: 'retry',
  batchAct: 'stop',
  batchState: 'stopped',
  grant: 'run',
  status: 'completed',
  type: 'integer,string',
}
const others = ['en', 'zh', 'ru'] as const
/** Examples in the sentences, and what stands for itself. */
const names = /Europe\/Berlin|\b(?:30s|5m|2h)\b|cron|JSON|Cron|FERMATA_\w+|v\d+|\b(?:id|ID)\b/g
const latin = (text: string) => text.replace(names, '').match(/[A-Za-z]{2,}/g) ?? []

describe.each(['zh', 'ru'] as const)('in %s', (language) => {
  beforeAll(() => i18next.changeLanguage(language).then(() => undefined))

  it.each(Object.keys(errorTable) as ErrorCode[])('%s is told without English, and what to do', (code) => {
    const { text } = shown(answer(code))
    expect(latin(text)).toEqual([])
    expect(text.split(/\s{2,}/).length).toBeGreaterThan(1)
    expect(latin(shown(answer(code), '未启动').text)).toEqual([])
  })

  it.each(Object.keys(whyTable) as (keyof typeof whyTable)[])('%s is told with its facts', (key) => {
    const facts = Object.fromEntries(whyTable[key].map((fact, n) => [fact, known[fact] ?? `${n + 7}7`]))
    const { text, detail } = shown(answer('bad-request', { why: { key, ...facts } }))
    expect([key, latin(text), detail]).toEqual([key, [], []])
    for (const [fact, value] of Object.entries(facts)) if (!known[fact]) expect(text).toContain(value)
  })

  it.each(problemCodes)(
    'a document with %s is told of, and the words of the server stand beside it',
    (code) => {
      const problems = [{ code, message: english, pointer: '/7' }]
      const { text, detail } = shown(answer('invalid-document', { problems }))
      expect([latin(text), detail]).toEqual([[], [english]])
    },
  )

  it('names the field that does not fit', () => {
    const problem = { code: 'invalid-inputs', message: english, pointer: '/inputs/a/b' }
    const { text } = shown(
      answer('invalid-inputs', { problems: [{ ...problem, why: { key: 'value-missing' } }] }),
    )
    expect(text).toContain('a › b')
  })
})

describe.each(others)('%s', (language) => {
  it('shows no hole of a sentence, and no key', async () => {
    await i18next.changeLanguage(language)
    for (const [key, facts] of Object.entries(whyTable)) {
      const why = { key, ...Object.fromEntries(facts.map((fact) => [fact, known[fact] ?? '7'])) }
      expect(shown(answer('illegal-act', { why })).text).not.toMatch(
        /\{\{|\b(why|fault|grant|valueType|status)\.\w/,
      )
    }
  })
})
