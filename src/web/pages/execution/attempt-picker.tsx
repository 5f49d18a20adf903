import { Button, Select } from 'antd'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { useExecutionPage } from './context.ts'

interface PickerProps {
  /** The attempt shown. */
  run: NodeRun
  attempts: readonly NodeRun[]
}

/** Which attempt is looked at: one before, one after, or any. */
export function AttemptPicker({ run, attempts }: PickerProps) {
  const { t } = useTranslation()
  const { go } = useExecutionPage()
  if (attempts.length < 2) return <span className="f-num">{run.attempt}</span>
  const at = attempts.indexOf(run)
  const show = (attempt: NodeRun | undefined) =>
    attempt && go({ run: run.id, attempt: attempt.attempt, line: undefined })
  return (
    <span className="f-attempts">
      <Button
        size="small"
        type="text"
        icon={<ChevronLeft size={14} />}
        aria-label={t('inspector.earlierAttempt')}
        disabled={at <= 0}
        onClick={() => show(attempts[at - 1])}
      />
      <Select
        size="small"
        value={run.attempt}
        aria-label={t('execution.attempt')}
        popupMatchSelectWidth={false}
        labelRender={() => (
          <span className="f-num">
            {t('inspector.attemptOf', { attempt: at + 1, count: attempts.length })}
          </span>
        )}
        options={attempts.toReversed().map((attempt) => ({
          value: attempt.attempt,
          label: <AttemptLine attempt={attempt} />,
        }))}
        onChange={(chosen) => show(attempts.find(({ attempt }) => attempt === chosen))}
      />
      <Button
        size="small"
        type="text"
        icon={<ChevronRight size={14} />}
        aria-label={t('inspector.laterAttempt')}
        disabled={at >= attempts.length - 1}
        onClick={() => show(attempts[at + 1])}
      />
    </span>
  )
}

function AttemptLine({ attempt }: { attempt: NodeRun }) {
  const { statusOf } = useExecutionPage()
  return (
    <span className="f-row f-attempt">
      <span className="f-num">{attempt.attempt}</span>
      <StatusBadge status={statusOf(attempt)} />
      <RelativeTime at={attempt.startedAt} />
      <span className="f-quiet">
        <Elapsed from={attempt.startedAt} to={attempt.endedAt} />
      </span>
      {attempt.manual && <span className="f-quiet">{attempt.manual.by}</span>}
    </span>
  )
}
