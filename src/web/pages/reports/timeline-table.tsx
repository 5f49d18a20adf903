import { useTranslation } from 'react-i18next'
import type { TimelinePart } from '../../../api/contract/reports.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { useDurationText } from '../../ui/times.tsx'
import { figureColumns } from './figure-columns.tsx'
import { usePartLabel } from './part-label.ts'

interface TableProps {
  unit: 'hour' | 'day'
  items: readonly TimelinePart[]
  workflow: string | undefined
  isOfNodes: boolean
}

/** The same figures as the charts. */
export function TimelineTable({ unit, items, workflow, isOfNodes }: TableProps) {
  const { t } = useTranslation()
  const duration = useDurationText()
  const label = usePartLabel(unit)
  const searchOf = ({ from, to }: TimelinePart) => ({ from, to, ...(workflow ? { workflow } : {}) })
  return (
    <DataTable
      label={t('reports.overTime')}
      rows={items}
      rowKey={({ from }) => from}
      columns={[
        { key: 'from', title: t(`reports.units.${unit}`), width: 90, cell: ({ from }) => label(from) },
        ...figureColumns({
          rows: items,
          t,
          duration,
          retries: isOfNodes,
          ...(isOfNodes ? {} : { searchOf }),
        }),
      ]}
    />
  )
}
