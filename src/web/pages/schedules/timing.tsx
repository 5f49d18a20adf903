import { useTranslation } from 'react-i18next'
import type { Timing as TimingValue } from '../../../core/schedule/timing.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { useCronWords } from './cron-words.ts'
import { timingWords } from './timing-words.ts'

/** When a schedule fires, in words; of a cron text also the text. */
export function Timing({ timing }: { timing: TimingValue }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const words = useCronWords(timing.mode === 'cron' ? timing.cron : undefined, language)
  if (timing.mode !== 'cron') return <>{timingWords(timing, t, languageTags[language])}</>
  return (
    <>
      {words === timing.cron ? '' : `${words} `}
      <code className="f-quiet">{timing.cron}</code>
    </>
  )
}
