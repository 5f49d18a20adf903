// The records a node works on, each with how far it is.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { itemId, ownerOf } from '../../../core/run-id.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { shownRunStatus } from '../../ui/status-legend.ts'
import { useExecutionPage } from './context.ts'

export function Objects({ id }: { id: string }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const owner = ownerOf(id) ?? id
  const binding = page.bindings.get(owner)
  if (!binding) return <p className="f-quiet">{t('inspector.noObjects')}</p>
  if (binding.records.length === 0) return <p className="f-quiet">{t('inspector.nothingBound')}</p>
  return (
    <table className="f-table" aria-label={t('inspector.tabs.objects')}>
      <tbody>
        {binding.records.map((record) => {
          const run = page.last.get(itemId(owner, record.id))
          return (
            <tr key={record.id} data-selected={id === itemId(owner, record.id) || undefined}>
              <td>
                <StatusBadge status={run ? shownRunStatus(run) : 'not-started'} />
              </td>
              <td>
                <button
                  type="button"
                  className="f-row-link f-plain"
                  onClick={() => page.select(itemId(owner, record.id))}
                >
                  {record.label}
                </button>
                {run?.error && <div className="f-quiet">{run.error.message}</div>}
              </td>
              <td data-align="end">
                <Link to="/data" search={{ collection: binding.collection, record: record.id }}>
                  {t('inspector.viewRecord')}
                </Link>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
