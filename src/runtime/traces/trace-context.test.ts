import { describe, expect, it } from 'vitest'
import { computedId, isInShare, parseTraceparent, printTraceparent } from './trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

describe('traceparent', () => {
  it('is read and written', () => {
    const text = `00-${traceId}-${spanId}-01`
    expect(parseTraceparent(text)).toEqual({ traceId, spanId, sampled: true })
    expect(printTraceparent({ traceId, spanId, sampled: true })).toBe(text)
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)?.sampled).toBe(false)
    expect(parseTraceparent(`cc-${traceId}-${spanId}-01-what-comes-later`)?.traceId).toBe(traceId)
  })

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01\u0000`,
  ])('is nothing when it is %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })
})

describe('computed ids', () => {
  it('are the same for the same names and differ for others', () => {
    expect(computedId(32, 'a', 1)).toMatch(/^[\da-f]{32}$/)
    expect(computedId(16, 'a', 1)).toBe(computedId(16, 'a', 1))
    expect(computedId(16, 'a', 1, 2)).not.toBe(computedId(16, 'a', 12))
  })

  it('fall into shares evenly', () => {
    const ids = Array.from({ length: 2000 }, (_, n) => computedId(32, 'x', n))
    const share = ids.filter((id) => isInShare(id, 0.25)).length / ids.length
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
    expect(ids.every((id) => isInShare(id, 1))).toBe(true)
    expect(ids.some((id) => isInShare(id, 0))).toBe(false)
  })
})
