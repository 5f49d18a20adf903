// Mode, day, time and zone of a schedule, and the next times they mean.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Timing } from '../../../core/schedule/timing.ts'
import { timesQuery } from '../../data/queries.ts'
import { languageTags } from '../../i18n/languages.ts'
import { useLanguage } from '../../i18n/use-language.ts'
import { Field } from '../../ui/field.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'
import { Timing as TimingText } from './timing.tsx'
import { isWritten, modes, timeTexts, weekdayName, withMode } from './timing-words.ts'

interface FieldsProps {
  timing: Timing
  timeZone: string
  onTiming: (timing: Timing) => void
  onTimeZone: (zone: string) => void
}

const zones = Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value }))

export function TimingFields({ timing, timeZone, onTiming, onTimeZone }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <div className="f-row">
        <Field label={t('schedules.mode')} className="f-section f-grow">
          {(id) => (
            <Select
              id={id}
              value={timing.mode}
              options={modes.map((value) => ({ value, label: t(`schedules.modes.${value}`) }))}
              onChange={(mode) => onTiming(withMode(timing, mode))}
            />
          )}
        </Field>
        <WhenFields timing={timing} onTiming={onTiming} />
      </div>
      <Field label={t('schedules.timeZone')}>
        {(id) => <Select id={id} showSearch value={timeZone} options={zones} onChange={onTimeZone} />}
      </Field>
      <NextTimes timing={timing} timeZone={timeZone} />
    </>
  )
}

function WhenFields({ timing, onTiming }: Pick<FieldsProps, 'timing' | 'onTiming'>) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  return (
    <>
      {timing.mode === 'weekly' && (
        <Field label={t('schedules.weekday')} className="f-section f-grow">
          {(id) => (
            <Select
              id={id}
              value={timing.weekday}
              options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: weekdayName(value, tag) }))}
              onChange={(weekday) => onTiming({ ...timing, weekday })}
            />
          )}
        </Field>
      )}
      {timing.mode === 'monthly' && (
        <Field label={t('schedules.day')}>
          {(id) => (
            <InputNumber
              id={id}
              min={1}
              max={31}
              precision={0}
              value={timing.day}
              onChange={(day) => day !== null && onTiming({ ...timing, day })}
            />
          )}
        </Field>
      )}
      <Clock timing={timing} onTiming={onTiming} />
    </>
  )
}

function Clock({ timing, onTiming }: Pick<FieldsProps, 'timing' | 'onTiming'>) {
  const { t } = useTranslation()
  if (timing.mode === 'cron') {
    return (
      <Field label={t('schedules.cron')} className="f-section f-grow">
        {(id) => (
          <Input
            id={id}
            className="f-code"
            value={timing.cron}
            onChange={(event) => onTiming({ mode: 'cron', cron: event.target.value })}
          />
        )}
      </Field>
    )
  }
  const isHourly = timing.mode === 'hourly'
  return (
    <Field label={t(isHourly ? 'schedules.past' : 'schedules.at')} className="f-section f-grow">
      {(id) => (
        <Input
          id={id}
          className="f-num"
          value={isHourly ? timing.past : timing.at}
          placeholder={isHourly ? 'mm:ss' : 'HH:mm:ss'}
          onChange={({ target: { value } }) =>
            onTiming(isHourly ? { ...timing, past: value } : { ...timing, at: value })
          }
        />
      )}
    </Field>
  )
}

/** What the server makes of it: words, and the next ten times on the clocks of the zone. */
function NextTimes({ timing, timeZone }: { timing: Timing; timeZone: string }) {
  const { t } = useTranslation()
  const tag = languageTags[useLanguage()]
  const query = useQuery({ ...timesQuery(timing, timeZone), enabled: isWritten(timing) })
  if (!isWritten(timing))
    return (
      <p className="f-quiet" role="status">
        {t(`schedules.write.${'at' in timing ? 'at' : timing.mode}`)}
      </p>
    )
  if (query.error) return <ErrorPanel error={query.error} />
  const times = query.data?.times ?? []
  return (
    <section className="f-section" aria-label={t('schedules.nextTimes')}>
      <h3>
        <TimingText timing={timing} />
      </h3>
      <ol className="f-times f-num" aria-live="polite">
        {timeTexts(times, timeZone, tag).map((text, index) => (
          <li key={times[index]}>{text}</li>
        ))}
      </ol>
    </section>
  )
}
