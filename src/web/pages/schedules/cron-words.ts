// Cron texts in words of the three languages; the library and each language come when they are asked for.
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Language } from '../../i18n/languages.ts'

const locales: Record<Language, () => Promise<unknown>> = {
  en: async () => undefined,
  zh: () => import('cronstrue/locales/zh_CN'),
  ru: () => import('cronstrue/locales/ru'),
}
const localeNames: Record<Language, string> = { en: 'en', zh: 'zh_CN', ru: 'ru' }

/** Undefined: the text cannot be read; the server says why. */
export async function cronWords(cron: string, language: Language): Promise<string | undefined> {
  const { default: cronstrue } = await import('cronstrue')
  await locales[language]()
  const options = { locale: localeNames[language], use24HourTimeFormat: true }
  try {
    return eitherOf(cron.trim())
      .map((text) => cronstrue.toString(text, options))
      .join(or[language])
  } catch {
    return undefined
  }
}

const or: Record<Language, string> = { en: '; or: ', zh: '；或者：', ru: '; или: ' }

/** Days of the month and days of the week are told apart: it fires on both kinds, and not only where they meet. */
function eitherOf(cron: string): string[] {
  const parts = cron.split(/\s+/)
  const [day, weekday] = [parts.length - 3, parts.length - 1]
  const isOpen = (at: number) => parts[at] === undefined || /^[*?]$/.test(parts[at])
  if (parts.length < 5 || isOpen(day) || isOpen(weekday)) return [cron]
  return [parts.with(weekday, '*'), parts.with(day, '*')].map((each) => each.join(' '))
}

const wordsQuery = (cron: string, language: Language) =>
  queryOptions({
    queryKey: ['cron-words', cron, language],
    // A query may not answer undefined.
    queryFn: async () => (await cronWords(cron, language)) ?? '',
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The text itself until its words are there. */
export function useCronWords(cron: string | undefined, language: Language): string {
  const query = useQuery({ ...wordsQuery(cron ?? '', language), enabled: cron !== undefined })
  return (cron !== undefined && query.data) || (cron ?? '')
}
