import { describe, expect, it } from 'vitest'
import type { Happening } from './history.ts'
import { nextTime, previousTime, scrubberMarks } from './scrubber-marks.ts'
import { timeScale } from './time-scale.ts'

const at = (ms: number) => new Date(ms).toISOString()
const happenings: Happening[] = [
  { key: '1', at: at(0), kind: 'began' },
  { key: '2', at: at(500), kind: 'ended', status: 'completed' },
  { key: '3', at: at(501), kind: 'ended', status: 'failed' },
  { key: '4', at: at(502), kind: 'act', act: 'retry', by: 'li' },
  { key: '5', at: at(1000), kind: 'act', act: 'pause', by: 'li' },
]

describe('scrubberMarks', () => {
  it('has one mark for each column, failures before acts before the rest', () => {
    const scale = timeScale({ from: 0, to: 1000 }, [], false)
    expect(scrubberMarks(happenings, scale, 100)).toEqual([
      { x: 0, color: 'line-strong' },
      { x: 50, color: 'red-fg' },
      { x: 99, color: 'amber-fg' },
    ])
  })
})

describe('stepping', () => {
  it('goes to the next happening on either side, and stops at the ends', () => {
    const times = [0, 500, 501]
    expect([nextTime(times, 0), nextTime(times, 500), nextTime(times, 501)]).toEqual([500, 501, undefined])
    expect([
      previousTime(times, Number.POSITIVE_INFINITY),
      previousTime(times, 500),
      previousTime(times, 0),
    ]).toEqual([501, 0, undefined])
  })
})
