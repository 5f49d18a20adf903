// The records a node works on, each with how far it is.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Binding } from '../../../api/contract/node-runs.ts'
import { itemId, ownerOf } from '../../../core/run-id.ts'
import { InParts } from '../../ui/in-parts.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownRunStatus } from '../../ui/status-legend.ts'
import { bindingOf, useExecutionPage } from './context.ts'

export function Objects({ id }: { id: string }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const owner = ownerOf(id) ?? id
  const binding = bindingOf(page, owner)
  if (!binding) return <p className="f-quiet">{t('inspector.noObjects')}</p>
  if (binding.records.length === 0) return <p className="f-quiet">{t('inspector.nothingBound')}</p>
  return (
    <InParts rows={binding.records}>
      {(records) => (
        <table className="f-table" aria-label={t('inspector.tabs.objects')}>
          <tbody>
            {records.map((record) => (
              <ObjectRow
                key={record.id}
                owner={owner}
                record={record}
                selected={id === itemId(owner, record.id)}
              />
            ))}
          </tbody>
        </table>
      )}
    </InParts>
  )
}

interface RowProps {
  owner: string
  record: Binding['records'][number]
  selected: boolean
}

function ObjectRow({ owner, record, selected }: RowProps) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const item = itemId(owner, record.id)
  const run = page.last.get(item)
  const collection = bindingOf(page, owner)?.collection ?? ''
  return (
    <tr data-selected={selected || undefined}>
      <td>
        <StatusBadge status={run ? shownRunStatus(run) : 'not-started'} />
      </td>
      <td>
        <button type="button" className="f-row-link f-plain" onClick={() => page.select(item)}>
          {record.label}
        </button>
        {run?.error && <div className="f-quiet">{run.error.message}</div>}
      </td>
      <td data-align="end">
        <Link to="/data" search={{ collection, record: record.id }}>
          {t('inspector.viewRecord')}
        </Link>
      </td>
    </tr>
  )
}
