import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeOf } from '../../../core/run-id.ts'
import { StatusIcon } from '../../ui/status-badge.tsx'
import { type ShownStatus, statusLook } from '../../ui/status-legend.ts'
import { useDurationText } from '../../ui/times.tsx'
import { toneVariables } from '../../ui/tokens.ts'
import { type ExecutionPage, useExecutionPage } from './context.ts'
import type { TimeScale } from './time-scale.ts'
import { type Bar, barsOf, type TimelineRow } from './timeline-rows.ts'

interface LineProps {
  row: TimelineRow
  scale: TimeScale
  /** Up to where bars under way reach. */
  now: number
  onToggle: (id: string) => void
}

export function TimelineLine({ row, scale, now, onToggle }: LineProps) {
  const page = useExecutionPage()
  const status = statusOfRow(page, row)
  return (
    <li data-selected={row.id === page.selected || undefined}>
      <span className="f-timeline-name" data-names style={{ paddingLeft: 8 + 16 * row.depth }}>
        <Fold row={row} onToggle={onToggle} />
        {status && <StatusIcon status={status} />}
        <button type="button" className="f-plain" title={row.id} onClick={() => page.select(row.id)}>
          {row.number > 0 && <span className="f-quiet f-num">{row.number} </span>}
          {row.title}
        </button>
      </span>
      <span className="f-timeline-bars">
        {row.span && <Span span={row.span} scale={scale} now={now} />}
        <Gaps bars={barsOf(row.attempts)} scale={scale} />
        {barsOf(row.attempts).map((bar) => (
          <BarView
            key={bar.attempt.attempt}
            title={row.title}
            bar={bar}
            status={page.statusOf(bar.attempt)}
            left={scale.at(bar.from)}
            right={scale.at(bar.to ?? now)}
            length={(bar.to ?? now) - bar.from}
          />
        ))}
      </span>
    </li>
  )
}

/** Items and branches have none of their own. */
function statusOfRow({ live, statusOf }: ExecutionPage, row: TimelineRow): ShownStatus | undefined {
  const last = row.attempts.at(-1)
  if (last) return statusOf(last)
  if (row.number === 0) return undefined
  return live.execution.notReached.includes(nodeOf(row.id)) ? 'not-reached' : 'not-started'
}

function Fold({ row, onToggle }: Pick<LineProps, 'row' | 'onToggle'>) {
  const { t } = useTranslation()
  if (row.inside === 0) return <span className="f-timeline-nofold" />
  const Chevron = row.open ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      className="f-timeline-toggle"
      aria-expanded={row.open}
      aria-label={t('timeline.inside', { title: row.title, count: row.inside })}
      onClick={() => onToggle(row.id)}
    >
      <Chevron size={14} aria-hidden />
    </button>
  )
}

const percent = (share: number): string => `${(100 * share).toFixed(3)}%`

/** An iteration or a branch as a whole. */
function Span({
  span,
  scale,
  now,
}: {
  span: NonNullable<TimelineRow['span']>
  scale: TimeScale
  now: number
}) {
  const left = scale.at(span.from)
  return (
    <span
      className="f-timeline-span"
      style={{ left: percent(left), width: percent(scale.at(span.to ?? now) - left) }}
    />
  )
}

/** Between the attempts it waited for its retry, or for somebody. */
function Gaps({ bars, scale }: { bars: readonly Bar[]; scale: TimeScale }) {
  return bars.flatMap((bar, index) => {
    const next = bars[index + 1]
    if (!next || bar.to === undefined || next.from <= bar.to) return []
    const left = scale.at(bar.to)
    return [
      <span
        key={bar.attempt.attempt}
        className="f-timeline-gap"
        style={{ left: percent(left), width: percent(scale.at(next.from) - left) }}
      />,
    ]
  })
}

interface BarProps {
  title: string
  bar: Bar
  status: ShownStatus
  left: number
  right: number
  length: number
}

const BarView = memo(function BarView({ title, bar, status, left, right, length }: BarProps) {
  const { t } = useTranslation()
  const duration = useDurationText()
  const { select, go } = useExecutionPage()
  const { id: run, attempt } = bar.attempt
  const look = statusLook(status)
  const told = { title, attempt, status: t(look.text), time: duration(length) }
  const label = t(bar.part === 'wait' ? 'timeline.waited' : 'timeline.worked', told)
  return (
    <button
      type="button"
      className={`f-timeline-bar${bar.part === 'wait' ? ' f-style-hatched' : ''}`}
      data-live={bar.to === undefined || undefined}
      data-part={bar.part}
      title={label}
      aria-label={label}
      style={{ ...toneVariables(look.tone), left: percent(left), width: percent(right - left) }}
      onClick={() => {
        select(run)
        go({ run, attempt })
      }}
    />
  )
})
