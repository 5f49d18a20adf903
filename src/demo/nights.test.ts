import { describe, expect, it } from 'vitest'
import { lastNights, nightStories } from './nights.ts'

const hour = 3_600_000
const begin = Date.UTC(2026, 2, 20)

describe('the nights of the demo world', () => {
  it('are the last two, whenever it is made, also when the clocks change; none is of just now', () => {
    for (let now = begin; now < begin + 20 * 24 * hour; now += 0.25 * hour) {
      const [first, second] = lastNights(now)
      expect(new Date(second).getHours()).toBeLessThanOrEqual(3)
      expect(Math.abs((second - first) / hour - 24)).toBeLessThanOrEqual(1)
      expect(now - second).toBeGreaterThan(2.5 * hour)
      expect(now - second).toBeLessThanOrEqual(27.5 * hour)
    }
  })

  it('come after the trials', () => {
    const { faulty, mended } = nightStories(begin)
    const ages = [...faulty, ...mended].map(({ hoursAgo = 0 }) => hoursAgo)
    expect(ages).toEqual(ages.toSorted((a, b) => b - a))
    expect(mended.map(({ isScheduled }) => isScheduled)).toEqual([undefined, true, true])
  })
})
