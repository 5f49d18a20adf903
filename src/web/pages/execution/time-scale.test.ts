import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ticks, timeScale } from './time-scale.ts'

const hour = 3_600_000

describe('timeScale', () => {
  it('is a straight line when nothing is folded', () => {
    const scale = timeScale({ from: 1000, to: 3000 }, [], false)
    expect([scale.at(1000), scale.at(2000), scale.at(3000), scale.at(9000)]).toEqual([0, 0.5, 1, 1])
    expect(scale.timeAt(0.25)).toBe(1500)
    expect(scale.folds).toEqual([])
  })

  it('folds a night of waiting between two minutes of work', () => {
    const busy = [
      { from: 0, to: 60_000 },
      { from: 10 * hour, to: 10 * hour + 60_000 },
    ]
    const scale = timeScale({ from: 0, to: 10 * hour + 60_000 }, busy, true)
    expect(scale.folds).toMatchObject([{ from: 60_000, to: 10 * hour }])
    expect(scale.at(60_000)).toBeCloseTo(0.4)
    expect(scale.at(10 * hour)).toBeCloseTo(0.6)
  })

  it('keeps the order of times and finds them again, whatever worked when', () => {
    const stretch = fc
      .tuple(fc.nat(100_000), fc.nat(50_000))
      .map(([from, length]) => ({ from, to: from + length }))
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 20 }), fc.nat(120_000), fc.nat(120_000), (busy, a, b) => {
        const scale = timeScale({ from: 0, to: 120_000 }, busy, true)
        const [early, late] = a < b ? [a, b] : [b, a]
        expect(scale.at(early)).toBeLessThanOrEqual(scale.at(late))
        expect(scale.timeAt(scale.at(a))).toBeCloseTo(a, 3)
      }),
    )
  })

  it('bears an execution that has only begun', () => {
    const scale = timeScale({ from: 5, to: 5 }, [], true)
    expect(scale.at(5)).toBe(0)
    expect(ticks(scale, 0.1)[0]).toEqual({ at: 0, ms: 0 })
  })
})

describe('ticks', () => {
  it('are round times, not too near to each other', () => {
    const marks = ticks(timeScale({ from: 0, to: 65_000 }, [], false), 0.1)
    expect(marks.map(({ ms }) => ms)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000])
  })

  it('jump over what is folded', () => {
    const busy = [
      { from: 0, to: 10_000 },
      { from: 10 * hour, to: 10 * hour + 10_000 },
    ]
    const marks = ticks(timeScale({ from: 0, to: 10 * hour + 10_000 }, busy, true), 0.1)
    expect(marks.length).toBeLessThan(12)
    // Work after the night is told in times of its own.
    expect(marks.map(({ ms }) => ms)).toContain(10 * hour + 5000)
    for (const [index, mark] of marks.entries())
      expect(mark.at - (marks[index - 1]?.at ?? -1)).toBeGreaterThanOrEqual(0.1)
  })
})
