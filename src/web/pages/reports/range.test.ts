import { describe, expect, it } from 'vitest'
import { rangeOf } from './range.ts'

const now = Date.parse('2026-11-21T10:20:30Z')

describe('the range of a report', () => {
  it('is a day of whole hours that ends with the present one', () => {
    expect(rangeOf({ period: '24h' }, now)).toEqual({ from: '2026-11-20T11:00:00.000Z' })
  })

  it('is seven days that began at midnight here, unless something else is chosen', () => {
    const { from } = rangeOf({}, now)
    const date = new Date(from)
    expect([date.getHours(), date.getMinutes()]).toEqual([0, 0])
    expect(Math.round((now - date.getTime()) / 86_400_000 + 0.5)).toBe(7)
    expect(rangeOf({ period: '30d' }, now + 60_000)).toEqual(rangeOf({ period: '30d' }, now))
  })

  it('is what the address names', () => {
    const from = '2026-01-01T00:00:00.000Z'
    const to = '2026-02-01T00:00:00.000Z'
    expect(rangeOf({ period: '7d', from, to }, now)).toEqual({ from, to })
    expect(rangeOf({ from }, now)).toEqual({ from })
  })
})
