import { describe, expect, it } from 'vitest'
import { parseDate, parseDatetime } from './dates.ts'

describe('parseDate', () => {
  it.each(['2026-01-31', '2024-02-29', '0001-01-01', '9999-12-31'])('accepts %s', (text) => {
    expect(parseDate(text)).toBe(text)
  })
  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '0000-01-01', '', 'today', '2026-01-31T00:00:00Z'])(
    'refuses "%s"',
    (text) => expect(parseDate(text)).toBeUndefined(),
  )
})

describe('parseDatetime', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T10:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:05.123456', '2026-01-31T10:00:05.123Z'],
    ['2026-01-31T10:00:00+03:00', '2026-01-31T07:00:00.000Z'],
  ])('reads %s', (text, iso) => expect(parseDatetime(text)).toBe(iso))
  it.each([
    '2026-02-30T10:00:00Z',
    '2026-01-31T25:00',
    '2026-01-31 10:00',
    '0001-01-01T00:00:00+10:00',
    'now',
  ])('refuses %s', (text) => expect(parseDatetime(text)).toBeUndefined())
})
