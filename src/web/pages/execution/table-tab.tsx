// The accessible twin of the graph: every node run as a row, nodes that have not started too.
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { nodeOf } from '../../../core/run-id.ts'
import type { Column } from '../../ui/data-table.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import type { ShownStatus } from '../../ui/status-legend.ts'
import { Elapsed, RelativeTime } from '../../ui/times.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { type ExecutionPage, useExecutionPage } from './context.ts'
import { recordLabel } from './labels.ts'

interface Row {
  id: string
  number: number
  title: string
  record: string | undefined
  run: NodeRun | undefined
  status: ShownStatus
}

const depth = (id: string): number => id.split('/').length - 1

type Shown = Pick<ExecutionPage, 'live' | 'last' | 'structure' | 'nodes' | 'bindings' | 'statusOf'>

function rowsOf(page: Shown): Row[] {
  const runs = Map.groupBy(page.last.values(), (run) => run.node)
  const unreached = new Set(page.live.execution.notReached)
  return page.structure.nodes
    .filter((node) => node.kind !== 'branch')
    .flatMap((node): Row[] => {
      const rows = (runs.get(node.id) ?? []).map((run) => ({
        id: run.id,
        number: node.number,
        title: node.title,
        record: recordLabel(page, run.id),
        run,
        status: page.statusOf(run),
      }))
      if (rows.length > 0) return rows
      const status: ShownStatus = unreached.has(node.id) ? 'not-reached' : 'not-started'
      return [
        { id: node.id, number: node.number, title: node.title, record: undefined, run: undefined, status },
      ]
    })
}

const columns = (t: TFunction, select: (run: string) => void): Column<Row>[] => [
  { key: 'number', title: '#', width: 40, align: 'end', cell: (row) => row.number },
  {
    key: 'status',
    title: t('executions.status'),
    width: 170,
    cell: (row) => <StatusBadge status={row.status} />,
  },
  {
    key: 'node',
    title: t('execution.node'),
    cell: (row) => (
      <span style={{ paddingLeft: 16 * depth(row.id) + (row.record === undefined ? 0 : 16) }}>
        <button type="button" className="f-row-link f-plain" onClick={() => select(row.id)}>
          {row.record ?? row.title}
        </button>{' '}
        {row.id !== nodeOf(row.id) && <code className="f-quiet">{row.id}</code>}
      </span>
    ),
  },
  {
    key: 'attempt',
    title: t('execution.attempt'),
    width: 80,
    align: 'end',
    cell: (row) => row.run?.attempt ?? '',
  },
  {
    key: 'started',
    title: t('executions.started'),
    width: 120,
    cell: (row) => row.run && <RelativeTime at={row.run.startedAt} />,
  },
  {
    key: 'duration',
    title: t('executions.duration'),
    width: 90,
    align: 'end',
    cell: (row) => row.run && <Elapsed from={row.run.startedAt} to={row.run.endedAt} />,
  },
]

export function TableTab() {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const { live, last, structure, nodes, bindings, statusOf } = page
  const rows = useMemo(
    () => rowsOf({ live, last, structure, nodes, bindings, statusOf }),
    [live, last, structure, nodes, bindings, statusOf],
  )
  return (
    <VirtualTable
      columns={columns(t, page.select)}
      rows={rows}
      rowKey={(row) => row.id}
      label={t('execution.runs')}
      isSelected={(row) => row.id === page.selected}
    />
  )
}
