// What may be done with the ticked rows, at the bottom of the page.
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ExecutionListItem } from '../../../api/contract/executions.ts'
import { actIcons } from './act-icons.ts'
import { type BulkAct, bulkActs, mayBulk } from './bulk-acts.ts'

interface BarProps {
  rows: readonly ExecutionListItem[]
  onAct: (act: BulkAct, rows: ExecutionListItem[]) => void
  onClear: () => void
}

export function BulkBar({ rows, onAct, onClear }: BarProps) {
  const { t } = useTranslation()
  return (
    <section className="f-bulk-bar" aria-label={t('executions.bulk.label')}>
      <strong>{t('executions.bulk.ticked', { count: rows.length })}</strong>
      {bulkActs.map((act) => {
        const fitting = rows.filter((row) => mayBulk(act, row))
        const Icon = actIcons[act]
        return (
          <Button
            key={act}
            danger={act === 'terminate'}
            disabled={fitting.length === 0}
            icon={<Icon size={14} />}
            onClick={() => onAct(act, fitting)}
          >
            {t(`execution.acts.${act}`)}{' '}
            {fitting.length > 0 && fitting.length < rows.length && fitting.length}
          </Button>
        )
      })}
      <span className="f-grow" />
      <Button type="text" onClick={onClear}>
        {t('executions.bulk.clear')}
      </Button>
    </section>
  )
}
