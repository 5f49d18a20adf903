import { useTranslation } from 'react-i18next'
import { isLanguage, type Language } from './languages.ts'

export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return isLanguage(i18n.language) ? i18n.language : 'en'
}

/** One text for all, or one per language; a language that is missing falls back to English. */
export type LocalText = string | { en: string; zh?: string; ru?: string }

export function useText(): (text: LocalText | undefined) => string {
  const language = useLanguage()
  return (text) => (typeof text === 'object' ? (text[language] ?? text.en) : (text ?? ''))
}
