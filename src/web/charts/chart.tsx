// A chart by ECharts, of which only what we draw is loaded. It is a picture: beside it stands a table with the same figures.

import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import { BarChart, LineChart } from 'echarts/charts'
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type ComposeOption, type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTheme } from '../ui/theme.tsx'
import { fontFamily, surfaces, type ThemeName } from '../ui/tokens.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>

/** The colours of axes and texts; series bring their own. */
function chartBase(theme: ThemeName): ChartOption {
  const { line, textQuiet, text, raised } = surfaces[theme]
  const label = { color: textQuiet, fontSize: 12 }
  return {
    textStyle: { fontFamily, color: text },
    grid: {
      left: 8,
      right: 8,
      top: 12,
      bottom: 32,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: { bottom: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, itemGap: 16, textStyle: label },
    tooltip: {
      trigger: 'axis',
      backgroundColor: raised,
      borderColor: line,
      textStyle: { color: text, fontSize: 12 },
      axisPointer: { type: 'shadow', shadowStyle: { color: textQuiet, opacity: 0.1 } },
    },
    animation: false,
  }
}

export const axisStyle = (theme: ThemeName) => ({
  axisLine: { lineStyle: { color: surfaces[theme].lineStrong } },
  axisTick: { show: false },
  axisLabel: { color: surfaces[theme].textQuiet, fontSize: 12 },
  splitLine: { lineStyle: { color: surfaces[theme].line } },
})

interface ChartProps {
  option: (theme: ThemeName) => ChartOption
  /** What is seen, for those who do not see it. */
  label: string
  /** A bar or point was clicked: its place on the axis, and its series. */
  onChoose?: (index: number, series: string) => void
}

export function Chart({ option, label, onChoose }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const choose = useRef(onChoose)
  const theme = useTheme()
  choose.current = onChoose
  useEffect(() => {
    if (!box.current) return
    const made = init(box.current, undefined, { renderer: 'svg' })
    chart.current = made
    made.on('click', ({ dataIndex, seriesId }) => choose.current?.(dataIndex, String(seriesId)))
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(box.current)
    return () => {
      watch.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    const base = chartBase(theme)
    const own = option(theme)
    const tooltip = { ...base.tooltip, ...own.tooltip }
    chart.current?.setOption({ ...base, ...own, tooltip }, { notMerge: true })
  }, [option, theme])
  return <div ref={box} className="f-chart" role="img" aria-label={label} />
}
