// The records a node works on, each with how far it is, how often it was tried and how long it took.
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Binding, NodeRun } from '../../../api/contract/node-runs.ts'
import { itemId, ownerOf } from '../../../core/run-id.ts'
import { InParts } from '../../ui/in-parts.tsx'
import { FailureText } from '../../ui/said-text.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { type ShownStatus, statusLook } from '../../ui/status-legend.ts'
import { Elapsed } from '../../ui/times.tsx'
import { bindingOf, useExecutionPage } from './context.ts'

interface Row {
  record: Binding['records'][number]
  item: string
  run: NodeRun | undefined
  status: ShownStatus
}

export function Objects({ id }: { id: string }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const [wanted, setWanted] = useState<ShownStatus>()
  const owner = ownerOf(id) ?? id
  const binding = bindingOf(page, owner)
  if (!binding) return <p className="f-quiet">{t('inspector.noObjects')}</p>
  if (binding.records.length === 0) return <p className="f-quiet">{t('inspector.nothingBound')}</p>
  const rows = binding.records.map((record): Row => {
    const item = itemId(owner, record.id)
    const run = page.last.get(item)
    return { record, item, run, status: run ? page.statusOf(run) : 'not-started' }
  })
  const counts = Map.groupBy(rows, ({ status }) => status)
  return (
    <div className="f-stack">
      {counts.size > 1 && (
        <Select
          size="small"
          allowClear
          aria-label={t('executions.status')}
          placeholder={t('objects.all', { count: rows.length })}
          value={wanted ?? null}
          onChange={(status) => setWanted(status ?? undefined)}
          options={[...counts].map(([status, { length }]) => ({
            value: status,
            label: `${t(statusLook(status).text)} (${length})`,
          }))}
        />
      )}
      <InParts rows={wanted ? (counts.get(wanted) ?? []) : rows}>
        {(shown) => (
          <table className="f-table" aria-label={t('inspector.tabs.objects')}>
            <tbody>
              {shown.map((row) => (
                <ObjectRow
                  key={row.item}
                  row={row}
                  collection={binding.collection}
                  selected={id === row.item}
                />
              ))}
            </tbody>
          </table>
        )}
      </InParts>
    </div>
  )
}

function ObjectRow({ row, collection, selected }: { row: Row; collection: string; selected: boolean }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { record, item, run, status } = row
  return (
    <tr data-selected={selected || undefined}>
      <td>
        <StatusBadge status={status} />
      </td>
      <td>
        <button type="button" className="f-row-link f-plain" onClick={() => page.select(item)}>
          {record.label}
        </button>
        {run && run.attempt > 1 && <span className="f-quiet f-num"> ×{run.attempt}</span>}
        {run?.error && (
          <div className="f-quiet">
            <FailureText failure={run.error} />
          </div>
        )}
      </td>
      <td data-align="end">{run && <Elapsed from={run.startedAt} to={run.endedAt} />}</td>
      <td data-align="end">
        <Link to="/data" search={{ collection, record: record.id }}>
          {t('inspector.viewRecord')}
        </Link>
      </td>
    </tr>
  )
}
