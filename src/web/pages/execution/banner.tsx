// What stands in the way, in plain words, with what may be done about it; or that one looks at the past.
import { Link } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { FailureText } from '../../ui/said-text.tsx'
import { absoluteTime } from '../../ui/time.ts'
import { RelativeTime } from '../../ui/times.tsx'
import { useExecutionPage } from './context.ts'
import { runTitle } from './labels.ts'
import { RunActs } from './run-acts.tsx'
import { troublesOf } from './troubles.ts'
import { useNewest } from './use-newest.ts'

export function Banner({ setMoment }: { setMoment: (moment: number | undefined) => void }) {
  const { moment } = useExecutionPage()
  return moment === undefined ? <Present /> : <Past moment={moment} onLeave={() => setMoment(undefined)} />
}

function Past({ moment, onLeave }: { moment: number; onLeave: () => void }) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  return (
    <Alert
      type="info"
      showIcon
      title={t('scrubber.past', { time: absoluteTime(moment, tag) })}
      action={
        <Button size="small" onClick={onLeave}>
          {t('scrubber.leave')}
        </Button>
      }
    />
  )
}

function Present() {
  const { t } = useTranslation()
  const { execution } = useExecutionPage().now
  const failed = useFailures()
  const [first] = failed
  if (first) return <FailureBanner run={first} others={failed.length - 1} />
  if (execution.status === 'queued') return <QueuedBanner />
  if (execution.status === 'paused')
    return <Alert type="warning" showIcon title={<Done text={t('execution.pausedText')} act="pause" />} />
  if (execution.error)
    return <Alert type="error" title={<FailureText failure={execution.error} />} showIcon />
  if (execution.status === 'canceled' && execution.reason) {
    const reason = t(`cancelReason.${execution.reason}`, { defaultValue: execution.reason })
    const text = t('execution.canceledText', { reason })
    return <Alert type="info" showIcon title={<Done text={text} act="terminate" />} />
  }
  return null
}

/** What was done, and who did it, when and why, if it was done to this execution itself. */
function Done({ text, act }: { text: string; act: string }) {
  const { t } = useTranslation()
  const entry = useExecutionPage().acts.findLast((one) => one.act === act)
  if (!entry) return text
  return (
    <>
      {text}{' '}
      <span className="f-quiet">
        <strong>{entry.by}</strong> {t(`history.${act}`)} · <RelativeTime at={entry.at} />
        {entry.reason && ` · “${entry.reason}”`}
      </span>
    </>
  )
}

/** Why it waits, and the way to those it waits for. */
function QueuedBanner() {
  const { t } = useTranslation()
  const { target, workflow } = useExecutionPage().now.execution
  const status = 'running,paused'
  return (
    <Alert
      type="info"
      showIcon
      title={t('execution.queuedText')}
      action={
        <Link
          to="/executions"
          search={target ? { target: `${target.collection}:${target.id}`, status } : { workflow, status }}
        >
          {t(target ? 'execution.queuedOnTarget' : 'execution.queuedOfWorkflow')}
        </Link>
      }
    />
  )
}

function useFailures(): NodeRun[] {
  const page = useExecutionPage()
  return troublesOf(page.now.execution, useNewest(page.now))
}

function FailureBanner({ run, others }: { run: NodeRun; others: number }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const failed = useFailures()
  const showNext = () => {
    const at = failed.findIndex(({ id }) => id === page.selected)
    page.select(failed[(at + 1) % failed.length]?.id)
  }
  return (
    <Alert
      type="error"
      showIcon
      className="f-trouble"
      title={
        <>
          <button type="button" className="f-plain" onClick={() => page.select(run.id)}>
            {runTitle(page, run.id)}
          </button>
          {': '}
          <FailureText failure={run.error ?? {}} />
        </>
      }
      description={
        <div className="f-row">
          <span className="f-quiet">
            {run.acts.length === 0
              ? t('banner.onlyLook')
              : t(run.acts.includes('skip') ? 'inspector.whatNow' : 'inspector.retryNow')}
          </span>
          {others > 0 && (
            <Button size="small" type="link" onClick={showNext}>
              {t('banner.others', { count: others })}
            </Button>
          )}
        </div>
      }
      action={<RunActs run={run} inBanner />}
    />
  )
}
