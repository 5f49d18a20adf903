import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClock } from './clock.ts'

const hourMs = 3_600_000
const realNow = Date.now

afterEach(() => vi.restoreAllMocks())

function putClock(byMs: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + byMs)
}

describe('the clock', () => {
  it('tells the time of the database, and by how much this machine differs', () => {
    const clock = createClock()
    const differsBy = clock.adjust(Date.now() - hourMs)
    expect(Math.round(differsBy / hourMs)).toBe(1)
    expect(Math.round((Date.now() - clock.now()) / hourMs)).toBe(1)
  })

  it.each([hourMs, -hourMs])('goes on when the clock of the machine is put by %i ms', (byMs) => {
    const clock = createClock()
    const before = clock.now()
    putClock(byMs)
    expect(Math.abs(clock.now() - before)).toBeLessThan(hourMs / 2)
  })

  it('counts a machine that has slept as silent', () => {
    const clock = createClock()
    clock.adjust(Date.now())
    putClock(hourMs)
    expect(clock.silentMs()).toBeGreaterThanOrEqual(hourMs)
    putClock(-hourMs)
    expect(clock.silentMs()).toBeGreaterThanOrEqual(0)
  })
})
