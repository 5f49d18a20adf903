// What happened, in order: node runs as they began and ended, and what people did.
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { InParts } from '../../ui/in-parts.tsx'
import { FailureText } from '../../ui/said-text.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { absoluteTime, clockTime } from '../../ui/time.ts'
import { useExecutionPage } from './context.ts'
import { type Happening, historyOf } from './history.ts'
import { runTitle } from './labels.ts'

export function LogTab() {
  const { t } = useTranslation()
  const { live, acts, moment, statusOf } = useExecutionPage()
  const happenings = useMemo(() => {
    const past = moment === undefined ? acts : acts.filter(({ at }) => Date.parse(at) <= moment)
    return historyOf(live, past, statusOf)
  }, [live, acts, moment, statusOf])
  return (
    <InParts rows={happenings}>
      {(shown) => (
        <ol className="f-history" aria-label={t('execution.tabs.log')}>
          {shown.map((happening) => (
            <Entry key={happening.key} happening={happening} />
          ))}
        </ol>
      )}
    </InParts>
  )
}

function Entry({ happening }: { happening: Happening }) {
  const page = useExecutionPage()
  const tag = languageTags[useLanguage()]
  const time = Date.parse(happening.at)
  const { run } = happening
  return (
    <li>
      <time dateTime={happening.at} title={absoluteTime(time, tag)} className="f-num f-quiet">
        {clockTime(time, tag)}
      </time>
      <What happening={happening} />
      {run !== undefined && (
        <Button type="link" size="small" onClick={() => page.select(run)}>
          {runTitle(page, run)}
        </Button>
      )}
      {happening.text && <span className="f-quiet f-grow">{happening.text}</span>}
      {happening.error && (
        <span className="f-quiet f-grow">
          <FailureText failure={happening.error} />
        </span>
      )}
    </li>
  )
}

function What({ happening }: { happening: Happening }) {
  const { t } = useTranslation()
  if (happening.kind === 'began') return <span className="f-history-what">{t('history.began')}</span>
  if (happening.kind !== 'act')
    return (
      <span className="f-history-what">
        <StatusBadge status={happening.status} />
      </span>
    )
  return (
    <span>
      <strong>{happening.by}</strong> {t(`history.${happening.act}`, { defaultValue: happening.act })}
    </span>
  )
}
