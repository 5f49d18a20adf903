import { describe, expect, it } from 'vitest'
import { catchUp, type Due } from './catch-up.ts'

const utc = (text: string) => Date.parse(`${text}Z`)
const given = (changed: Partial<Due>): Due => ({
  timing: { mode: 'hourly', past: '00' },
  zone: 'UTC',
  missed: 'latest',
  due: utc('2026-05-01T10:00:00'),
  now: utc('2026-05-01T10:00:00.020'),
  ...changed,
})
const hours = (times: readonly number[]) => times.map((at) => new Date(at).toISOString().slice(5, 16))

describe('a due schedule', () => {
  it('fires at its time', () => {
    expect(catchUp(given({}))).toEqual({
      fires: [utc('2026-05-01T10:00:00')],
      next: utc('2026-05-01T11:00:00'),
    })
  })

  it('that is a little late fires as if it were not', () => {
    const late = given({ missed: 'skip', now: utc('2026-05-01T10:00:59') })
    expect(catchUp(late).fires).toEqual([utc('2026-05-01T10:00:00')])
  })

  it('fires each time of a dense one, one after the other', () => {
    const dense = given({ timing: { mode: 'cron', cron: '* * * * * *' }, now: utc('2026-05-01T10:00:05') })
    expect(catchUp(dense).next).toBe(utc('2026-05-01T10:00:01'))
  })
})

describe('a late schedule', () => {
  const now = utc('2026-05-03T10:30:00')

  it('leaves out what was missed', () => {
    expect(catchUp(given({ missed: 'skip', now }))).toEqual({
      fires: [],
      skippedFrom: utc('2026-05-01T10:00:00'),
      next: utc('2026-05-03T11:00:00'),
    })
  })

  it('fires the latest, also when its own time is at hand', () => {
    expect(hours(catchUp(given({ now })).fires)).toEqual(['05-03T10:00'])
    const just = utc('2026-05-03T11:00:30')
    expect(hours(catchUp(given({ missed: 'skip', now: just })).fires)).toEqual(['05-03T11:00'])
  })

  it('fires the latest ten', () => {
    const { fires, skippedFrom } = catchUp(given({ missed: 'all', now }))
    expect(fires).toHaveLength(10)
    expect(hours(fires.slice(0, 1))).toEqual(['05-03T01:00'])
    expect(skippedFrom).toBe(utc('2026-05-01T10:00:00'))
  })

  it('fires all where there are fewer, and has skipped none', () => {
    const { fires, skippedFrom } = catchUp(given({ missed: 'all', now: utc('2026-05-01T12:30:00') }))
    expect(hours(fires)).toEqual(['05-01T10:00', '05-01T11:00', '05-01T12:00'])
    expect(skippedFrom).toBeUndefined()
  })

  it('by years does not look at every second of them', () => {
    const dense = given({
      timing: { mode: 'cron', cron: '*/15 * * * * *' },
      missed: 'all',
      now: utc('2027-06-05T00:00:00'),
    })
    expect(catchUp(dense).fires).toHaveLength(10)
  })
})
