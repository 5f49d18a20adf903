import { Tooltip } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { languageTags } from '../i18n/languages.ts'
import { useLanguage } from '../i18n/use-language.ts'
import { useNow } from './clock.ts'
import { absoluteTime, durationText, relativeTime } from './time.ts'

/** Relative, with the absolute time on hover. `at` is ISO 8601. */
export function RelativeTime({ at }: { at: string | undefined }) {
  const tag = languageTags[useLanguage()]
  const now = useNow()
  if (!at) return <span className="f-quiet">–</span>
  const time = Date.parse(at)
  return (
    <Tooltip title={absoluteTime(time, tag)}>
      <time dateTime={at} className="f-nowrap">
        {relativeTime(time, now, tag)}
      </time>
    </Tooltip>
  )
}

export function useDurationText(): (ms: number) => string {
  const { t } = useTranslation()
  return useCallback(
    (ms) => {
      const [d, h, m] = [t('duration.d'), t('duration.h'), t('duration.m')]
      return durationText(ms, { d, h, m, s: t('duration.s'), ms: t('duration.ms') })
    },
    [t],
  )
}

interface SpanProps {
  from: string | undefined
  /** Undefined: still counting. */
  to: string | undefined
}

/** How long something took, or counts while it runs. */
export function Elapsed({ from, to }: SpanProps) {
  const now = useNow(from !== undefined && to === undefined)
  const text = useDurationText()
  if (!from) return <span className="f-quiet">–</span>
  return <span className="f-num f-nowrap">{text((to ? Date.parse(to) : now) - Date.parse(from))}</span>
}

/** What is left until a time, never below zero. */
export function Countdown({ until }: { until: string }) {
  const now = useNow()
  const text = useDurationText()
  return <span className="f-num f-nowrap">{text(Math.max(0, Date.parse(until) - now))}</span>
}
