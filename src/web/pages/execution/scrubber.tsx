// The time slider: replays the execution from what was stored; ticks are what happened.
import { Button, Tooltip } from 'antd'
import { Pause, Play, Radio, SkipBack, SkipForward } from 'lucide-react'
import { memo, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { usePresent } from '../../ui/clock.ts'
import { absoluteTime } from '../../ui/time.ts'
import { useDurationText } from '../../ui/times.tsx'
import { useCalm } from '../../ui/use-calm.ts'
import { type ExecutionPage, useExecutionPage } from './context.ts'
import { historyOf } from './history.ts'
import { type Mark, nextTime, previousTime, scrubberMarks } from './scrubber-marks.ts'
import { useScale } from './timeline-tab.tsx'
import './timeline.css'

const steps = 2000
const stepMs = 400

type SetMoment = (moment: number | undefined) => void

export function Scrubber({ setMoment }: { setMoment: SetMoment }) {
  const { now, nodes, moment, acts } = useExecutionPage()
  return <Slider now={useCalm(now, 500)} nodes={nodes} moment={moment} acts={acts} setMoment={setMoment} />
}

type SliderProps = Pick<ExecutionPage, 'now' | 'nodes' | 'moment' | 'acts'> & { setMoment: SetMoment }

const Slider = memo(function Slider({ now, nodes, moment, acts, setMoment }: SliderProps) {
  const { t } = useTranslation()
  const { startedAt, endedAt } = now.execution
  const present = usePresent(endedAt === undefined)
  const scale = useScale({ now, nodes, moment }, endedAt === undefined ? present : Date.parse(endedAt), true)
  const happenings = useMemo(() => historyOf(now, acts), [now, acts])
  const times = useMemo(() => [...new Set(happenings.map(({ at }) => Date.parse(at)))], [happenings])
  const play = usePlay({ times, moment, setMoment })
  if (startedAt === undefined) return null
  const jump = (to: number | undefined) => {
    play.stop()
    setMoment(to)
  }
  return (
    <section className="f-scrubber" aria-label={t('scrubber.label')}>
      <Steps times={times} moment={moment} play={play} onJump={jump} />
      <Track
        marks={scrubberMarks(happenings, scale, 400)}
        at={moment === undefined ? 1 : scale.at(moment)}
        moment={moment ?? scale.to}
        onDrag={(at) => jump(at >= 1 ? undefined : scale.timeAt(at))}
      />
      <Elapsed ms={(moment ?? scale.to) - scale.from} />
      <Button
        size="small"
        type={moment === undefined ? 'text' : 'primary'}
        disabled={moment === undefined}
        icon={<Radio size={14} />}
        onClick={() => jump(undefined)}
      >
        {t(endedAt === undefined ? 'scrubber.live' : 'scrubber.end')}
      </Button>
    </section>
  )
})

interface StepsProps {
  times: readonly number[]
  moment: number | undefined
  play: ReturnType<typeof usePlay>
  onJump: (to: number) => void
}

function Steps({ times, moment, play, onJump }: StepsProps) {
  const { t } = useTranslation()
  return (
    <>
      <Step
        label={t('scrubber.before')}
        icon={<SkipBack size={14} />}
        to={previousTime(times, moment ?? Number.POSITIVE_INFINITY)}
        onJump={onJump}
      />
      <Tooltip title={t(play.isOn ? 'scrubber.stop' : 'scrubber.play')}>
        <Button
          size="small"
          type="text"
          icon={play.isOn ? <Pause size={14} /> : <Play size={14} />}
          aria-label={t(play.isOn ? 'scrubber.stop' : 'scrubber.play')}
          onClick={play.isOn ? play.stop : play.start}
        />
      </Tooltip>
      <Step
        label={t('scrubber.after')}
        icon={<SkipForward size={14} />}
        to={moment === undefined ? undefined : nextTime(times, moment)}
        onJump={onJump}
      />
    </>
  )
}

interface StepProps {
  label: string
  icon: React.ReactNode
  /** Undefined: nothing happened there. */
  to: number | undefined
  onJump: (to: number) => void
}

function Step({ label, icon, to, onJump }: StepProps) {
  return (
    <Tooltip title={label}>
      <Button
        size="small"
        type="text"
        icon={icon}
        aria-label={label}
        disabled={to === undefined}
        onClick={() => to !== undefined && onJump(to)}
      />
    </Tooltip>
  )
}

interface TrackProps {
  marks: readonly Mark[]
  /** 0…1 */
  at: number
  moment: number
  onDrag: (at: number) => void
}

function Track({ marks, at, moment, onDrag }: TrackProps) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  return (
    <div className="f-scrubber-track">
      <svg viewBox="0 0 400 10" preserveAspectRatio="none" aria-hidden>
        {marks.map(({ x, color }) => (
          <rect key={x} x={x} width={1} height={10} fill={`var(--f-${color})`} />
        ))}
      </svg>
      <input
        type="range"
        min={0}
        max={steps}
        value={Math.round(at * steps)}
        aria-label={t('scrubber.label')}
        aria-valuetext={absoluteTime(moment, tag)}
        onChange={(event) => onDrag(Number(event.target.value) / steps)}
      />
    </div>
  )
}

function Elapsed({ ms }: { ms: number }) {
  const duration = useDurationText()
  return <span className="f-num f-quiet f-scrubber-time">+{duration(ms)}</span>
}

const mostFrames = 60

/** Long histories are played in larger steps. */
function later(times: readonly number[], moment: number): number | undefined {
  const at = times.findIndex((time) => time > moment)
  return at < 0 ? undefined : times[at + Math.ceil(times.length / mostFrames) - 1]
}

interface PlayProps {
  times: readonly number[]
  moment: number | undefined
  setMoment: (moment: number | undefined) => void
}

/** From happening to happening, to the present; from the beginning when it stands at the end. */
function usePlay({ times, moment, setMoment }: PlayProps) {
  const [isOn, setOn] = useState(false)
  useEffect(() => {
    if (!isOn) return
    const timer = setTimeout(() => {
      const next = moment === undefined ? undefined : later(times, moment)
      setMoment(next)
      if (next === undefined) setOn(false)
    }, stepMs)
    return () => clearTimeout(timer)
  }, [isOn, times, moment, setMoment])
  return {
    isOn,
    start: () => {
      if (moment === undefined) setMoment(times[0])
      setOn(true)
    },
    stop: () => setOn(false),
  }
}
