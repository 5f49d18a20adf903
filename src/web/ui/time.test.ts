import { describe, expect, it } from 'vitest'
import { clockTime, durationText, relativeTime } from './time.ts'

const units = { d: 'd', h: 'h', m: 'm', s: 's', ms: 'ms' }

describe('durationText', () => {
  it.each([
    [-5, '0ms'],
    [240, '240ms'],
    [3200, '3.2s'],
    [9960, '10s'],
    [59_400, '59s'],
    [59_600, '1m 00s'],
    [724_000, '12m 04s'],
    [3_900_000, '1h 05m'],
    [183_600_000, '2d 03h'],
  ])('%d ms is %s', (ms, text) => {
    expect(durationText(ms, units)).toBe(text)
  })
})

describe('relativeTime', () => {
  const now = Date.UTC(2026, 0, 2)
  it('looks back and ahead in the largest unit', () => {
    expect(relativeTime(now - 180_000, now, 'en')).toBe('3 min. ago')
    expect(relativeTime(now + 14_390_000, now, 'en')).toBe('in 4 hr.')
    expect(relativeTime(now - 2000, now, 'en')).toBe('now')
  })
  it('speaks the language asked for', () => {
    expect(relativeTime(now - 86_400_000, now, 'zh-CN')).toBe('昨天')
  })
})

describe('clockTime', () => {
  it('counts to 24', () => {
    expect(clockTime(new Date(2026, 0, 1, 17, 4, 9).getTime(), 'en')).toBe('17:04:09')
  })
})
