// When a schedule fires, in words of the page's language.
import type { TFunction } from 'i18next'
import { atPattern, pastPattern, type Timing } from '../../../core/schedule/timing.ts'

export function timingWords(timing: Timing, t: TFunction, language: string): string {
  switch (timing.mode) {
    case 'hourly':
      return t('schedules.words.hourly', { past: timing.past })
    case 'daily':
      return t('schedules.words.daily', { at: timing.at })
    case 'weekly':
      return t('schedules.words.weekly', { day: weekdayName(timing.weekday, language), at: timing.at })
    case 'monthly':
      return t('schedules.words.monthly', { day: timing.day, at: timing.at })
    case 'cron':
      return timing.cron
  }
}

/** 1 is Monday. */
export function weekdayName(weekday: number, language: string): string {
  // 1 January 2024 was a Monday.
  const date = new Date(Date.UTC(2024, 0, weekday))
  return new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(date)
}

const cronParts = [5, 6]

/** It is written to its end; what it means, or that it means nothing, the server says. */
export function isWritten(timing: Timing): boolean {
  if (timing.mode === 'cron') return cronParts.includes(timing.cron.trim().split(/\s+/).length)
  const isHourly = timing.mode === 'hourly'
  return new RegExp(isHourly ? pastPattern : atPattern).test(isHourly ? timing.past : timing.at)
}

/** Times on the clocks of a zone; where these change in between, with how far they are from UTC. */
export function timeTexts(times: readonly string[], zone: string, language: string): string[] {
  const options: Intl.DateTimeFormatOptions = {
    ...{ weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone },
  }
  const plain = new Intl.DateTimeFormat(language, options)
  const exact = new Intl.DateTimeFormat(language, { ...options, timeZoneName: 'shortOffset' })
  const offsets = new Set(times.map((time) => offsetOf(exact, time)))
  const format = offsets.size > 1 ? exact : plain
  return times.map((time) => format.format(new Date(time)))
}

const offsetOf = (format: Intl.DateTimeFormat, time: string): string | undefined =>
  format.formatToParts(new Date(time)).find(({ type }) => type === 'timeZoneName')?.value

export const modes = ['hourly', 'daily', 'weekly', 'monthly', 'cron'] as const

/** A timing of another mode that keeps what both have. */
export function withMode(timing: Timing, mode: Timing['mode']): Timing {
  const at = 'at' in timing ? timing.at : '02:00'
  switch (mode) {
    case 'hourly':
      return { mode, past: '00' }
    case 'daily':
      return { mode, at }
    case 'weekly':
      return { mode, weekday: 1, at }
    case 'monthly':
      return { mode, day: 1, at }
    case 'cron':
      return { mode, cron: '0 2 * * *' }
  }
}
