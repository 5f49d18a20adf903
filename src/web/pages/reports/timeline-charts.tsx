// How it went over time: bars by status, and lines of how long it took.
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimelinePart } from '../../../api/contract/reports.ts'
import { axisStyle, Chart, type ChartOption } from '../../charts/chart.tsx'
import { Figure } from '../../charts/figure.tsx'
import { statusLook } from '../../ui/status-legend.ts'
import { useDurationText } from '../../ui/times.tsx'
import { type ThemeName, tones } from '../../ui/tokens.ts'
import { usePartLabel } from './part-label.ts'
import { occurring } from './parts.ts'
import { TimelineTable } from './timeline-table.tsx'

interface ChartsProps {
  unit: 'hour' | 'day'
  items: readonly TimelinePart[]
  /** Of executions: a bar opens them. Undefined: of nodes. */
  workflow: string | undefined
  isOfNodes: boolean
}

export function RunsChart({ unit, items, workflow, isOfNodes }: ChartsProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const label = usePartLabel(unit)
  const shown = occurring(items)
  const option = useCallback(
    (theme: ThemeName): ChartOption => ({
      xAxis: { type: 'category', data: items.map(({ from }) => label(from)), ...axisStyle(theme) },
      yAxis: { type: 'value', minInterval: 1, ...axisStyle(theme) },
      series: occurring(items).map(({ count, status }) => ({
        id: count,
        type: 'bar',
        stack: 'all',
        name: t(statusLook(status).text),
        data: items.map((item) => item[count]),
        itemStyle: { color: tones[statusLook(status).tone][theme].fg },
        barMaxWidth: 32,
      })),
    }),
    [items, label, t],
  )
  const open = (index: number, series: string) => {
    const part = items[index]
    const status = shown.find(({ count }) => count === series)?.filter
    if (!part || !status) return
    const { from, to } = part
    void navigate({ to: '/executions', search: { status, from, to, ...(workflow ? { workflow } : {}) } })
  }
  return (
    <Figure
      title={t(isOfNodes ? 'reports.nodeRunsOverTime' : 'reports.executionsOverTime')}
      chart={
        <Chart
          option={option}
          label={t('reports.runsChart', { count: items.reduce((sum, { runs }) => sum + runs, 0) })}
          {...(isOfNodes ? {} : { onChoose: open })}
        />
      }
      table={<TimelineTable unit={unit} items={items} workflow={workflow} isOfNodes={isOfNodes} />}
    />
  )
}

export function DurationChart({ unit, items, workflow, isOfNodes }: ChartsProps) {
  const { t } = useTranslation()
  const label = usePartLabel(unit)
  const text = useDurationText()
  const option = useCallback(
    (theme: ThemeName): ChartOption => {
      const line = (key: 'p50' | 'p95', color: string) => ({
        id: key,
        type: 'line' as const,
        name: t(`reports.${key}`),
        data: items.map((item) => item[key] ?? null),
        connectNulls: true,
        symbol: key === 'p50' ? 'circle' : 'diamond',
        symbolSize: 7,
        lineStyle: { width: 2, type: key === 'p50' ? ('solid' as const) : ('dashed' as const) },
        color,
      })
      const axis = axisStyle(theme)
      return {
        xAxis: { type: 'category', data: items.map(({ from }) => label(from)), ...axis },
        yAxis: {
          type: 'value',
          ...axis,
          axisLabel: { ...axis.axisLabel, formatter: (ms: number) => text(ms) },
        },
        tooltip: { valueFormatter: (ms) => (typeof ms === 'number' ? text(ms) : '–') },
        series: [line('p50', tones.blue[theme].fg), line('p95', tones.violet[theme].fg)],
      }
    },
    [items, label, t, text],
  )
  return (
    <Figure
      title={t('reports.durations')}
      chart={
        items.some(({ p50 }) => p50 !== undefined) ? (
          <Chart option={option} label={t('reports.durationChart')} />
        ) : (
          <p className="f-quiet f-figure-none">{t('reports.noDurations')}</p>
        )
      }
      table={<TimelineTable unit={unit} items={items} workflow={workflow} isOfNodes={isOfNodes} />}
    />
  )
}
