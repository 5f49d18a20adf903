// The columns of figures, the same for workflows, nodes, types and times. Counts of executions open their list.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import type { Figures } from '../../../api/contract/reports.ts'
import type { ExecutionsSearch } from '../../search.ts'
import type { Column } from '../../ui/data-table.tsx'
import { statusLook } from '../../ui/status-legend.ts'
import { toneVariables } from '../../ui/tokens.ts'
import { occurring, type Part, parts } from './parts.ts'

interface Given<R> {
  rows: readonly R[]
  t: TFunction
  duration: (ms: number) => string
  /** Of nodes: attempts after the first are shown. */
  retries?: boolean
  /** The list behind the figures of a row; of executions the status is added. */
  searchOf?: (row: R) => ExecutionsSearch
  /** Of nodes: lists hold executions, and this says which; those it failed in are told apart by its id. */
  node?: { idOf: (row: R) => string; told: string; failed: string }
}

/** The list behind one figure of a row. Undefined: there is none of its own. */
function listOf<R extends Figures>(row: R, { searchOf, node }: Given<R>, part?: Part) {
  if (!searchOf) return undefined
  const all = searchOf(row)
  if (node)
    return part?.count === 'failed'
      ? { search: { ...all, failedNode: node.idOf(row) }, title: node.failed }
      : { search: all, title: node.told }
  if (!part) return { search: all }
  return part.filter === undefined ? undefined : { search: { ...all, status: part.filter } }
}

export function figureColumns<R extends Figures>(given: Given<R>): Column<R>[] {
  const { rows, t, duration, retries } = given
  const opening = (shown: ReactNode, row: R, part?: Part) => {
    const list = listOf(row, given, part)
    return list ? (
      <Link to="/executions" {...list}>
        {shown}
      </Link>
    ) : (
      shown
    )
  }
  const number = (row: R, count: number, part?: Part) =>
    count > 0 ? opening(count, row, part) : <span data-none>{count}</span>
  const completed = parts.find(({ count }) => count === 'completed')
  const time = (row: R, ms: number | undefined) =>
    ms === undefined ? '–' : opening(duration(ms), row, completed)
  return [
    { key: 'runs', title: t('reports.runs'), align: 'end', width: 80, cell: (row) => number(row, row.runs) },
    { key: 'success', title: t('reports.success'), width: 130, cell: (row) => <Share share={row.success} /> },
    ...occurring(rows).map(
      (part): Column<R> => ({
        key: part.count,
        title: t(statusLook(part.status).text),
        align: 'end',
        width: 80,
        cell: (row) => number(row, row[part.count], part),
      }),
    ),
    ...(retries && rows.some((row) => row.retries > 0)
      ? [
          {
            key: 'retries',
            title: t('reports.retries'),
            align: 'end' as const,
            width: 80,
            cell: (row: R) => <span data-none={row.retries === 0 || undefined}>{row.retries}</span>,
          },
        ]
      : []),
    { key: 'p50', title: t('reports.p50'), align: 'end', width: 90, cell: (row) => time(row, row.p50) },
    { key: 'p95', title: t('reports.p95'), align: 'end', width: 90, cell: (row) => time(row, row.p95) },
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
