// The columns of figures, the same for workflows, nodes, types and times. Counts of executions open their list.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { Figures } from '../../../api/contract/reports.ts'
import type { ExecutionsSearch } from '../../search.ts'
import type { Column } from '../../ui/data-table.tsx'
import { statusLook } from '../../ui/status-legend.ts'
import { toneVariables } from '../../ui/tokens.ts'
import { occurring } from './parts.ts'

interface Given<R> {
  rows: readonly R[]
  t: TFunction
  duration: (ms: number) => string
  /** Of nodes: attempts after the first are shown. */
  retries?: boolean
  /** The list behind the figures of a row; the status is added. */
  searchOf?: (row: R) => ExecutionsSearch
}

export function figureColumns<R extends Figures>({
  rows,
  t,
  duration,
  retries,
  searchOf,
}: Given<R>): Column<R>[] {
  const number = (row: R, count: number, status?: string) =>
    count > 0 && searchOf && status !== '' ? (
      <Link to="/executions" search={{ ...searchOf(row), ...(status ? { status } : {}) }}>
        {count}
      </Link>
    ) : (
      <span data-none={count === 0 || undefined}>{count}</span>
    )
  const time = (ms: number | undefined) => (ms === undefined ? '–' : duration(ms))
  return [
    { key: 'runs', title: t('reports.runs'), align: 'end', width: 80, cell: (row) => number(row, row.runs) },
    { key: 'success', title: t('reports.success'), width: 130, cell: (row) => <Share share={row.success} /> },
    ...occurring(rows).map(
      ({ count, status, filter = '' }): Column<R> => ({
        key: count,
        title: t(statusLook(status).text),
        align: 'end',
        width: 80,
        cell: (row) => number(row, row[count], filter),
      }),
    ),
    ...(retries && rows.some((row) => row.retries > 0)
      ? [
          {
            key: 'retries',
            title: t('reports.retries'),
            align: 'end' as const,
            width: 80,
            cell: (row: R) => number(row, row.retries, ''),
          },
        ]
      : []),
    { key: 'p50', title: t('reports.p50'), align: 'end', width: 90, cell: (row) => time(row.p50) },
    { key: 'p95', title: t('reports.p95'), align: 'end', width: 90, cell: (row) => time(row.p95) },
  ]
}

/** A share as a number and a bar. */
function Share({ share }: { share: number | undefined }) {
  if (share === undefined) return <span className="f-quiet">–</span>
  const percent = Math.floor(share * 1000) / 10
  return (
    <span className="f-share f-num" style={toneVariables(share < 0.9 ? 'red' : 'green')}>
      <span className="f-share-bar" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {percent} %
    </span>
  )
}
