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
  try {
    return cronstrue.toString(cron.trim(), { locale: localeNames[language], use24HourTimeFormat: true })
  } catch {
    return undefined
  }
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
