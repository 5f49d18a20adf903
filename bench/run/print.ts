// Figures as text: the table of one section, and the one table of all bars.
import { type BarId, bars, isMet } from './bars.ts'
import type { Measured, Row, Section } from './workload.ts'

export function formatFigure(value: number): string {
  if (Number.isNaN(value)) return '–'
  if (value === 0) return '0'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(3)
}

const withUnit = (value: number, unit = '') => `${formatFigure(value)}${unit && ` ${unit}`}`

export function printSection({ title, rows, bars: measured = {} }: Section): string {
  const wide = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(
    (row) => `  ${row.name.padEnd(wide)}  ${withUnit(row.value, row.unit)}${beside(row)}`,
  )
  const verdicts = Object.entries(measured).map(([id, figure]) => {
    const { what, wanted, value, verdict, note } = judge(id as BarId, figure)
    return `  bar: ${what} ${wanted}: ${verdict} (${[value, note].filter(Boolean).join(', ')})`
  })
  return [title, ...lines, ...verdicts, ''].join('\n')
}

function beside({ value, limit, limitIs = 'limit', ratio }: Row): string {
  if (limit === undefined) return ''
  return `  (${limitIs}: ${formatFigure(limit)}; ratio ${formatFigure(ratio ?? value / limit)})`
}

export interface Judged {
  id: BarId
  measure: string
  what: string
  wanted: string
  /** With its unit; empty when there is none. */
  value: string
  verdict: 'pass' | 'FAIL' | 'left out' | 'NOT MEASURED'
  note: string
}

/** A figure beside its bar. One that could not be had, and says why, is left out; one that is missing fails. */
export function judge(id: BarId, figure: Measured[BarId]): Judged {
  const bar = bars[id]
  const { measure, what, unit, atLeast, atMost } = bar
  const { value, note } = typeof figure === 'number' ? { value: figure, note: '' } : { note: '', ...figure }
  // A figure that could not be computed has become null in the results.
  const isMissing = figure === undefined || figure === null || value === null
  const wanted = atLeast === undefined ? `≤ ${withUnit(atMost ?? 0, unit)}` : `≥ ${withUnit(atLeast, unit)}`
  const missing = isMissing ? 'NOT MEASURED' : 'left out'
  const verdict = isMissing || value === undefined ? missing : isMet(bar, value) ? 'pass' : 'FAIL'
  return {
    ...{ id, measure, what, wanted, verdict, note },
    value: value === undefined || value === null ? '' : withUnit(value, unit),
  }
}

export function judgeAll(measured: Measured): Judged[] {
  return (Object.keys(bars) as BarId[]).map((id) => judge(id, measured[id]))
}

export const isFailed = ({ verdict }: Judged) => verdict === 'FAIL' || verdict === 'NOT MEASURED'

export function printBars(judged: readonly Judged[]): string {
  const head = ['measure', 'what', 'figure', 'bar', '', '']
  const cells = judged.map((row) => [row.measure, row.what, row.value, row.wanted, row.verdict, row.note])
  const wide = head.map((name, n) => Math.max(name.length, ...cells.map((row) => row[n]?.length ?? 0)))
  const lines = [head, ...cells].map((row) =>
    row
      .map((cell, n) => cell.padEnd(wide[n] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const failed = judged.filter(isFailed).length
  return [
    ...lines,
    '',
    `${judged.length - failed} of ${judged.length} bars without complaint, ${failed} not met`,
    '',
  ].join('\n')
}
