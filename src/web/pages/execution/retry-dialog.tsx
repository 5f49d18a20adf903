// Retry: of a bound node the records that failed, or any others somebody ticks.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type NodeRun, retryRun } from '../../../api/contract/node-runs.ts'
import { itemId } from '../../../core/run-id.ts'
import { isFailure } from '../../../core/statuses.ts'
import { api } from '../../data/client.ts'
import { useFailure } from '../../ui/sentences.ts'
import { ActDialog } from './act-dialog.tsx'
import { bindingOf, type ExecutionPage, useExecutionPage } from './context.ts'
import { type Choosable, RecordChoice } from './record-choice.tsx'
import { useTarget } from './use-target.ts'

interface RetryProps {
  run: NodeRun
  onClose: () => void
}

export function RetryDialog({ run, onClose }: RetryProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { title, params, guard, changed } = useTarget(run, 'retry')
  const records = triedRecords(page, run.id, useFailure())
  // Until somebody chooses: what has failed, also when the records come only after the dialog.
  const [picked, setPicked] = useState<ReadonlySet<string>>()
  const chosen = picked ?? new Set(records.filter(({ failed }) => failed).map(({ id }) => id))
  const ofRecords = records.length > 0
  return (
    <ActDialog
      act="retry"
      title={t('act.title.retry', { title })}
      text={ofRecords ? t('act.text.retryRecords') : t('act.text.retryRun')}
      verb={ofRecords ? t('act.retryCount', { count: chosen.size }) : t('run.acts.retry')}
      changed={changed}
      blocked={ofRecords && chosen.size === 0}
      send={(reason) => {
        const only = ofRecords ? { records: [...chosen] } : {}
        return api.call(retryRun, { params, body: { ...reason, ...guard, ...only } })
      }}
      onClose={onClose}
    >
      {ofRecords && <RecordChoice records={records} chosen={chosen} onChange={setPicked} />}
    </ActDialog>
  )
}

/** The records of a bound node that were tried, those that failed first. */
function triedRecords(
  page: ExecutionPage,
  run: string,
  say: ReturnType<typeof useFailure>,
): (Choosable & { failed: boolean })[] {
  const tried = (bindingOf(page, run)?.records ?? []).flatMap(({ id, label }) => {
    const item = page.last.get(itemId(run, id))
    if (!item) return []
    const failed = isFailure(item.status)
    return [{ id, label, failed, status: page.statusOf(item), note: item.error && say(item.error).text }]
  })
  return tried.toSorted((a, b) => Number(b.failed) - Number(a.failed))
}
