// What ran when: a row for each node run, a bar for each attempt; waits are hatched, idle stretches may be folded.
import { Checkbox } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeOf } from '../../../core/run-id.ts'
import { isEnded } from '../../../core/statuses.ts'
import { usePresent } from '../../ui/clock.ts'
import { useDurationText } from '../../ui/times.tsx'
import { useCalm } from '../../ui/use-calm.ts'
import { useRowInSight, useWindow } from '../../ui/use-window.ts'
import { type ExecutionPage, useExecutionPage } from './context.ts'
import { recordLabel } from './labels.ts'
import { type TimeScale, ticks, timeScale } from './time-scale.ts'
import { TimelineLine } from './timeline-line.tsx'
import { busyStretches, timelineRows } from './timeline-rows.ts'
import './timeline.css'

const rowHeight = 30

export function TimelineTab() {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [folding, setFolding] = useState(true)
  const now = useMomentShown(page)
  const scale = useScale(page, now, folding)
  const rows = useRows(page, toggled)
  const shown = useWindow(rows.length, rowHeight)
  useRowInSight(
    shown,
    rows.findIndex((row) => row.id === page.selected),
    rowHeight,
  )
  const toggle = (id: string) => {
    const next = new Set(toggled)
    if (!next.delete(id)) next.add(id)
    setToggled(next)
  }
  return (
    <section className="f-timeline" aria-label={t('execution.tabs.timeline')}>
      <div className="f-timeline-head">
        <Checkbox checked={folding} onChange={(event) => setFolding(event.target.checked)}>
          {t('timeline.fold')}
        </Checkbox>
        <Axis scale={scale} />
      </div>
      <div ref={shown.area} className="f-timeline-rows" onScroll={shown.onScroll}>
        <div style={{ height: rows.length * rowHeight }}>
          <Ground scale={scale} />
          <ul style={{ transform: `translateY(${shown.first * rowHeight}px)` }}>
            {rows.slice(shown.first, shown.end).map((row) => (
              <TimelineLine key={row.id} row={row} scale={scale} now={now} onToggle={toggle} />
            ))}
          </ul>
        </div>
      </div>
    </section>
  )
}

/** Bars under way reach up to here; it ticks only in the present of what has not ended. */
function useMomentShown({ moment, now }: ExecutionPage): number {
  const { status, endedAt } = now.execution
  const present = usePresent(moment === undefined && !isEnded(status))
  return moment ?? (endedAt === undefined ? present : Date.parse(endedAt))
}

/** Of all that is known: it stays the same while the past is replayed. */
export function useScale(
  page: Pick<ExecutionPage, 'now' | 'nodes' | 'moment'>,
  until: number,
  folding: boolean,
): TimeScale {
  const { nodes, moment } = page
  const now = useCalm(page.now, 250)
  const { startedAt, createdAt, endedAt } = now.execution
  const present = usePresent(moment !== undefined && endedAt === undefined)
  const to = endedAt === undefined ? Math.max(until, moment === undefined ? 0 : present) : Date.parse(endedAt)
  return useMemo(() => {
    const isOuter = (run: string) => {
      const node = nodes.get(nodeOf(run))
      return node?.container !== undefined || (node?.bound === true && !run.endsWith(']'))
    }
    const from = Date.parse(startedAt ?? createdAt)
    return timeScale({ from, to }, busyStretches(now.runs, { now: to, isOuter }), folding)
  }, [now.runs, nodes, startedAt, createdAt, to, folding])
}

function useRows(page: ExecutionPage, toggled: ReadonlySet<string>) {
  const { structure, bindings, nodes } = page
  const calm = useCalm(page.live, 250)
  // What was chosen is shown at once.
  const live = page.moment === undefined ? calm : page.live
  return useMemo(
    () =>
      timelineRows({
        structure,
        runs: live.runs,
        labelOf: (run) => recordLabel({ bindings, nodes }, run),
        toggled,
      }),
    [structure, live.runs, bindings, nodes, toggled],
  )
}

function Axis({ scale }: { scale: TimeScale }) {
  const duration = useDurationText()
  return (
    <div className="f-timeline-axis" aria-hidden>
      {ticks(scale, 0.09).map(({ at, ms }) => (
        <span
          key={ms}
          className="f-num"
          // Where there is no room behind its mark, the label stands before it.
          {...(at > 0.92
            ? { 'data-end': true, style: { right: `${100 * (1 - at)}%` } }
            : { style: { left: `${100 * at}%` } })}
        >
          {duration(ms)}
        </span>
      ))}
    </div>
  )
}

/** Behind the bars: what is folded, and the moment that is shown. */
function Ground({ scale }: { scale: TimeScale }) {
  const { t } = useTranslation()
  const duration = useDurationText()
  const { moment } = useExecutionPage()
  return (
    <div className="f-timeline-ground">
      {scale.folds.map(({ from, to }) => (
        <span
          key={from}
          className="f-timeline-fold"
          title={t('timeline.folded', { time: duration(to - from) })}
          style={{ left: `${100 * scale.at(from)}%`, width: `${100 * (scale.at(to) - scale.at(from))}%` }}
        />
      ))}
      {moment !== undefined && (
        <span className="f-timeline-moment" style={{ left: `${100 * scale.at(moment)}%` }} />
      )}
    </div>
  )
}
