import { useCallback } from 'react'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'

/** What an hour or a day of the timeline is called. */
export function usePartLabel(unit: 'hour' | 'day'): (from: string) => string {
  const tag = languageTags[useLanguage()]
  return useCallback(
    (from) =>
      new Intl.DateTimeFormat(
        tag,
        unit === 'hour' ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' },
      ).format(new Date(from)),
    [tag, unit],
  )
}
