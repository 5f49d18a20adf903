import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { QueueGroup } from '../../../api/contract/system.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { InParts } from '../../ui/in-parts.tsx'
import { useDurationText } from '../../ui/times.tsx'

const columns = (t: TFunction): Column<QueueGroup>[] => [
  { key: 'workflow', title: t('executions.workflow'), cell: (row) => row.workflow },
  { key: 'kind', title: t('admin.kind'), cell: (row) => t(`admin.kinds.${row.kind}`) },
  { key: 'state', title: t('admin.state'), cell: (row) => t(`admin.states.${row.state}`) },
  {
    key: 'count',
    title: t('admin.count'),
    align: 'end',
    width: 110,
    cell: (row) => <span className="f-num">{row.count}</span>,
  },
  { key: 'age', title: t('admin.age'), align: 'end', width: 130, cell: (row) => <Age ms={row.ageMs} /> },
]

function Age({ ms }: { ms: number | undefined }) {
  const duration = useDurationText()
  return ms === undefined ? <span className="f-quiet">–</span> : <span className="f-num">{duration(ms)}</span>
}

export function QueueTable({ rows }: { rows: readonly QueueGroup[] }) {
  const { t } = useTranslation()
  return (
    <InParts rows={rows}>
      {(shown) => (
        <DataTable
          columns={columns(t)}
          rows={shown}
          rowKey={(row) => `${row.workflow} ${row.kind} ${row.state}`}
          label={t('admin.queue')}
        />
      )}
    </InParts>
  )
}
