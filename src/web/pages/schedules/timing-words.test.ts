import { describe, expect, it } from 'vitest'
import { isWritten, timeTexts } from './timing-words.ts'

describe('a timing while it is typed', () => {
  it.each([
    [{ mode: 'daily', at: '02:00' } as const, true],
    [{ mode: 'daily', at: '2' } as const, false],
    [{ mode: 'weekly', weekday: 1, at: '23:59:59' } as const, true],
    [{ mode: 'monthly', day: 31, at: '24:00' } as const, false],
    [{ mode: 'hourly', past: '05:30' } as const, true],
    [{ mode: 'hourly', past: '60' } as const, false],
    [{ mode: 'cron', cron: '0 2 1 *' } as const, false],
    [{ mode: 'cron', cron: ' 0 2 1 * * ' } as const, true],
    // Whether it means anything, the server says.
    [{ mode: 'cron', cron: '99 2 1 * *' } as const, true],
  ])('%j is written to its end: %s', (timing, written) => {
    expect(isWritten(timing)).toBe(written)
  })
})

describe('the next times', () => {
  it('are told apart where the clocks go back', () => {
    const times = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']
    const texts = timeTexts(times, 'Europe/Berlin', 'en')
    expect(texts.map((text) => text.replace(/^.*02:30:00/, '02:30:00'))).toEqual([
      '02:30:00 GMT+2',
      '02:30:00 GMT+1',
    ])
  })

  it('say nothing of that where the clocks stay', () => {
    expect(timeTexts(['2026-11-22T01:00:00Z'], 'Europe/Berlin', 'en')[0]).not.toContain('GMT')
  })
})
