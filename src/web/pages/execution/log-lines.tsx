import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { isSettled } from '../../../core/statuses.ts'
import { logsQuery } from '../../data/queries.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { Loaded } from '../../ui/messages.tsx'
import { clockTime } from '../../ui/time.ts'
import { useExecutionPage } from './context.ts'

export function LogLines({ run }: { run: NodeRun }) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  const { live } = useExecutionPage()
  const query = useQuery(logsQuery(live.execution.id, run.id, run.attempt, !isSettled(run.status)))
  return (
    <Loaded query={query}>
      {() =>
        query.data?.items.length ? (
          <ol className="f-log f-code" aria-label={t('inspector.tabs.log')}>
            {query.data.items.map((line) => (
              <li key={line.line} data-level={line.level}>
                <time dateTime={line.at}>{clockTime(Date.parse(line.at), tag)}</time>
                <span>{line.text}</span>
              </li>
            ))}
          </ol>
        ) : (
          <p className="f-quiet">{t('inspector.noLog')}</p>
        )
      }
    </Loaded>
  )
}
