// The three languages: which one is shown, loading its texts and antd's.
import type { Locale } from 'antd/es/locale/index.js'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readPreference, writePreference } from '../ui/preferences.ts'

export const languages = ['en', 'zh', 'ru'] as const
export type Language = (typeof languages)[number]

export const languageNames: Record<Language, string> = { en: 'English', zh: '简体中文', ru: 'Русский' }
export const languageTags: Record<Language, string> = { en: 'en', zh: 'zh-CN', ru: 'ru' }

interface LanguagePack {
  texts: { default: object }
  antd: { default: unknown }
}

const packs: Record<Language, () => Promise<LanguagePack>> = {
  en: async () => ({ texts: await import('./en.json'), antd: await import('antd/es/locale/en_US.js') }),
  zh: async () => ({ texts: await import('./zh.json'), antd: await import('antd/es/locale/zh_CN.js') }),
  ru: async () => ({ texts: await import('./ru.json'), antd: await import('antd/es/locale/ru_RU.js') }),
}

const antdLocales = new Map<Language, Locale>()

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value)
}

/** Remembered, else the browser's, else English. */
export function firstLanguage(): Language {
  const remembered = readPreference('language')
  if (isLanguage(remembered)) return remembered
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2))
  return wanted.find(isLanguage) ?? 'en'
}

export const antdLocale = (language: Language): Locale | undefined => antdLocales.get(language)

async function load(language: Language): Promise<void> {
  const pack = await packs[language]()
  // antd ships its locales as CommonJS or as modules, depending on who reads them.
  const locale = pack.antd.default as Locale | { default: Locale }
  antdLocales.set(language, 'default' in locale ? (locale.default as Locale) : (locale as Locale))
  i18next.addResourceBundle(language, 'translation', pack.texts.default)
}

export async function initLanguages(): Promise<void> {
  const language = firstLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await changeLanguage(language)
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!antdLocales.has(language)) await load(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = languageTags[language]
}

/** Chosen by the user: remembered. */
export async function chooseLanguage(language: Language): Promise<void> {
  writePreference('language', language)
  await changeLanguage(language)
}
