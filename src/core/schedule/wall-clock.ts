// The local times a timing names, without any zone: a time on the wall is a number of milliseconds as if it were UTC.
import { Cron } from 'croner'
import { AppError } from '../errors.ts'
import type { Timing } from './timing.ts'

export interface WallClock {
  /** The first time named after `wall`; undefined when there is none any more. */
  next(wall: number): number | undefined
  /**
   * It names times of the day, not a distance between times: such a time is one event a day, also on the day
   * on which the clocks change. What names every hour follows elapsed time instead.
   */
  isFixed: boolean
}

/** Throws `invalid-timing` for a cron text that cannot be read. */
export function wallClock(timing: Timing): WallClock {
  switch (timing.mode) {
    case 'hourly': {
      const [minute = '0', second = '0'] = timing.past.split(':')
      return fromCron(`${second} ${minute} * * * *`)
    }
    case 'daily':
      return fromCron(`${cronTime(timing.at)} * * *`)
    case 'weekly':
      return fromCron(`${cronTime(timing.at)} * * ${timing.weekday % 7}`)
    case 'monthly':
      return { isFixed: true, next: monthly(timing.day, timing.at) }
    case 'cron':
      return fromCron(timing.cron.trim())
  }
}

function cronTime(at: string): string {
  const [hour = '0', minute = '0', second = '0'] = at.split(':').map(Number)
  return `${second} ${minute} ${hour}`
}

function fromCron(text: string): WallClock {
  const fields = text.split(/\s+/)
  const hours = fields.length === 6 ? fields[2] : fields[1]
  const cron = readCron(text)
  return {
    isFixed: !hours?.startsWith('*'),
    next: (wall) => cron.nextRun(new Date(wall))?.getTime(),
  }
}

function readCron(text: string): Cron {
  try {
    return new Cron(text, { timezone: 'UTC', paused: true, mode: '5-or-6-parts' })
  } catch (error) {
    const detail = `This cron text cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new AppError('invalid-timing', detail, {
      pointer: '/timing/cron',
      why: { key: 'unreadable-cron', cron: text },
    })
  }
}

/** The day of each month, or its last one. */
function monthly(day: number, at: string): (wall: number) => number {
  const [hour = 0, minute = 0, second = 0] = at.split(':').map(Number)
  return (wall) => {
    const from = new Date(wall)
    for (let month = from.getUTCMonth(); ; month++) {
      const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
      const time = Date.UTC(from.getUTCFullYear(), month, Math.min(day, last), hour, minute, second)
      if (time > wall) return time
    }
  }
}
